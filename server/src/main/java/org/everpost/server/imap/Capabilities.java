package org.everpost.server.imap;

import java.util.ArrayList;
import java.util.List;
import org.everpost.core.password.SaslLogin;
import org.everpost.wire.sasl.SaslMechanism;

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

  private final long messageSize;
  private final SaslLogin logins;

  Capabilities(long messageSize, SaslLogin logins) {
    this.messageSize = messageSize;
    this.logins = logins;
  }

  List<String> of(Dialogue dialogue) {
    List<String> all = new ArrayList<>(ALWAYS);
    if (dialogue.state() instanceof State.LoggedIn) {
      all.addAll(LOGGED_IN);
      // RFC 7889 §2.
      all.add("APPENDLIMIT=" + messageSize);
    } else {
      if (dialogue.connection().canStartTls()) {
        all.add("STARTTLS");
      }
      for (SaslMechanism mechanism : logins.mechanisms(dialogue.connection())) {
        all.add("AUTH=" + mechanism.registeredName());
      }
      if (!logins.plaintextAllowed(dialogue.connection())) {
        // RFC 9051 §6.2.3.
        all.add("LOGINDISABLED");
      }
    }
    if (!dialogue.compressed()) {
      all.add("COMPRESS=DEFLATE");
    }
    return all;
  }
}
