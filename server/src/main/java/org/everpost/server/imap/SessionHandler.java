package org.everpost.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.everpost.core.mailbox.MailboxNames;
import org.everpost.server.net.Connection;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.response.ResponseCode;
import org.everpost.wire.imap.response.StatusResponse;
import org.everpost.wire.imap.response.Untagged;

/** The commands about the session itself: CAPABILITY, NOOP, ENABLE, STARTTLS and their like. */
final class SessionHandler {
  private final Capabilities capabilities;

  SessionHandler(Capabilities capabilities) {
    this.capabilities = capabilities;
  }

  Reply capability(Dialogue dialogue) throws IOException {
    Untagged.capability(capabilities.of(dialogue), dialogue.out().buffer());
    dialogue.out().end();
    return Reply.ok("CAPABILITY completed");
  }

  /** NOOP and CHECK: other nodes' changes become known; what changed is told afterwards. */
  Reply noop(Dialogue dialogue) {
    if (dialogue.state() instanceof State.Selected selected) {
      selected.user().mail().refresh();
    }
    return Reply.ok("Done");
  }

  Reply logout(Dialogue dialogue) throws IOException {
    StatusResponse.bye("Logging out").render(dialogue.out().buffer());
    dialogue.out().end();
    dialogue.state(new State.Logout());
    return Reply.ok("LOGOUT completed");
  }

  /** RFC 2971. */
  Reply id(Dialogue dialogue) throws IOException {
    Untagged.id(Map.of("name", "Everpost"), dialogue.out().buffer());
    dialogue.out().end();
    return Reply.ok("ID completed");
  }

  /** RFC 5161. */
  Reply enable(ImapCommand.Enable command, Dialogue dialogue) throws IOException {
    boolean modSeqsKnown = dialogue.condstore();
    List<String> enabled = new ArrayList<>();
    for (String name : command.capabilities()) {
      Feature.named(name)
          .filter(dialogue::enable)
          .ifPresent(feature -> enabled.add(feature.wireName()));
    }
    // RFC 7162 §3.2.3: QRESYNC switches CONDSTORE on, too.
    if (dialogue.has(Feature.QRESYNC)) {
      dialogue.enable(Feature.CONDSTORE);
    }
    Untagged.enabled(enabled, dialogue.out().buffer());
    dialogue.out().end();
    boolean news = !modSeqsKnown && dialogue.condstore();
    if (news && dialogue.state() instanceof State.Selected selected) {
      highestModSeq(selected, dialogue);
    }
    return Reply.ok("ENABLE completed");
  }

  /** A command that shows that the client knows of MODSEQs switches them on (RFC 7162 §3.1). */
  static void enableCondstore(Dialogue dialogue) throws IOException {
    if (dialogue.enable(Feature.CONDSTORE) && dialogue.state() instanceof State.Selected selected) {
      highestModSeq(selected, dialogue);
    }
  }

  private static void highestModSeq(State.Selected selected, Dialogue dialogue) throws IOException {
    long highest = selected.shown().highestModSeq();
    dialogue.out().ok(new ResponseCode.HighestModSeq(highest), "MODSEQs are told");
  }

  /** RFC 9051 §6.3.10: personal mailboxes only. */
  Reply namespace(Dialogue dialogue) throws IOException {
    Untagged.namespace("", MailboxNames.SEPARATOR, dialogue.out().buffer());
    dialogue.out().end();
    return Reply.ok("NAMESPACE completed");
  }

  /** RFC 4978. */
  Reply compress(ImapCommand.Compress command, Dialogue dialogue) {
    if (!command.mechanism().equals("DEFLATE")) {
      return Reply.bad("Unknown mechanism");
    }
    if (dialogue.compressed()) {
      return Reply.no(ResponseCode.Plain.COMPRESSIONACTIVE, "Compressed already");
    }
    dialogue.setCompressed();
    return Reply.ok("DEFLATE active").then(dialogue.connection()::startCompression);
  }

  /** RFC 9051 §6.2.1. */
  Reply startTls(Dialogue dialogue) {
    Connection connection = dialogue.connection();
    if (!connection.canStartTls()) {
      return Reply.bad(connection.isTls() ? "TLS is active already" : "TLS is not available");
    }
    if (connection.buffered() > 0) {
      // Somebody in the middle may have put it there (CVE-2011-0411).
      return Reply.bad("Nothing may follow STARTTLS before TLS")
          .then(() -> {
            dialogue.state(new State.Logout());
            dialogue.out().bye(ResponseCode.Plain.CLIENTBUG, "Plain text behind STARTTLS");
          });
    }
    return Reply.ok("Begin TLS negotiation now").then(connection::startTls);
  }
}
