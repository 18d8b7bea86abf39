package org.everpost.server.imap;

import java.util.ArrayList;
import java.util.List;

/** What CAPABILITY tells (RFC 9051 §6.1.1); it depends on the state. */
final class Capabilities {

  private static final List<String> ALWAYS =
      List.of("IMAP4rev2", "IMAP4rev1", "LITERAL+", "SASL-IR", "ID", "ENABLE");

  /** Of use only after login. */
  private static final List<String> LOGGED_IN =
      List.of(
          "BINARY",
          "CHILDREN",
          "CONDSTORE",
          "CREATE-SPECIAL-USE",
          "ESEARCH",
          "IDLE",
          "LIST-EXTENDED",
          "LIST-STATUS",
          "MOVE",
          "MULTIAPPEND",
          "NAMESPACE",
          "OBJECTID",
          "QRESYNC",
          "QUOTA",
          "QUOTA=RES-MESSAGE",
          "QUOTA=RES-STORAGE",
          "SAVEDATE",
          "SEARCHRES",
          "SPECIAL-USE",
          "STATUS=SIZE",
          "UIDPLUS",
          "UNAUTHENTICATE",
          "UNSELECT",
          "UTF8=ACCEPT",
          "WITHIN");

  private Capabilities() {}

  static List<String> of(Dialogue dialogue, ImapSettings settings) {
    List<String> all = new ArrayList<>(ALWAYS);
    if (dialogue.state() instanceof State.LoggedIn) {
      all.addAll(LOGGED_IN);
      // RFC 7889 §2.
      all.add("APPENDLIMIT=" + settings.messageSize());
    } else {
      if (dialogue.connection().canStartTls()) {
        all.add("STARTTLS");
      }
      // RFC 9051 §6.2.3.
      all.add(passwordsAllowed(dialogue) ? "AUTH=PLAIN" : "LOGINDISABLED");
    }
    if (!dialogue.compressed()) {
      all.add("COMPRESS=DEFLATE");
    }
    return all;
  }

  /** A password in the clear needs TLS, but on this very machine. */
  static boolean passwordsAllowed(Dialogue dialogue) {
    return dialogue.connection().isTls() || dialogue.connection().isLoopback();
  }
}
