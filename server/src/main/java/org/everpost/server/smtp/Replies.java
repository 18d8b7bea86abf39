package org.everpost.server.smtp;

import org.everpost.wire.smtp.Reply;

/** Replies that several handlers give. */
final class Replies {

  static final Reply OK = Reply.of(250, "2.0.0", "OK");
  static final Reply TOO_LARGE = Reply.of(552, "5.3.4", "Message too large");
  static final Reply STORE_UNAVAILABLE =
      Reply.of(451, "4.3.0", "Mail system temporarily unavailable, try again later");
  private static final Reply FULL_NOW = Reply.of(452, "4.2.2", "Mailbox full");
  private static final Reply TOO_LARGE_FOR_MAILBOX =
      Reply.of(552, "5.2.2", "Message larger than the mailbox may be");
  static final Reply MAILBOX_GONE =
      Reply.of(450, "4.2.1", "Mailbox gone or disabled since RCPT, try again");
  static final Reply BARE_LINE_END =
      Reply.of(550, "5.5.2", "Message has a CR or LF that is not part of a CRLF");
  static final Reply LOOP = Reply.of(554, "5.4.6", "Too many Received fields: mail loop");
  static final Reply FORWARDED_BEFORE =
      Reply.of(554, "5.4.6", "An address here has forwarded this message before: mail loop");
  static final Reply SHUTTING_DOWN = Reply.of(421, "4.3.2", "Service shutting down");
  static final Reply TIMED_OUT = Reply.of(421, "4.4.2", "Timed out");
  static final Reply TOO_MANY_ERRORS = Reply.of(421, "4.7.0", "Too many errors");
  static final Reply OTHER_PROTOCOL = Reply.of(500, "5.5.1", "That is for another protocol");
  static final Reply NOT_IMPLEMENTED = Reply.of(502, "5.5.1", "Command not implemented");

  private Replies() {}

  /** No room: for ever where the message would not even fit the empty mailbox. */
  static Reply mailboxFull(boolean everFits) {
    return everFits ? FULL_NOW : TOO_LARGE_FOR_MAILBOX;
  }
}
