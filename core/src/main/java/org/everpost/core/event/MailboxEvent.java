package org.everpost.core.event;

/** What happened to messages in mailboxes. */
public sealed interface MailboxEvent extends Event {

  /** A message was put into an account. */
  record MessageStored(
      String connection, String account, String mailbox, long uid, String blob, long size)
      implements MailboxEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }
}
