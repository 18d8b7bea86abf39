package org.everpost.core.mailbox;

/** The outcome of CREATE, RENAME, DELETE and SUBSCRIBE. */
public sealed interface MailboxResult {

  /** Done; the mailbox made, renamed or deleted. */
  record Done(MailboxId mailbox) implements MailboxResult {}

  record NoSuchMailbox() implements MailboxResult {}

  record AlreadyExists() implements MailboxResult {}

  /** Another mailbox has that special use, or it cannot be had (RFC 6154 §3: USEATTR). */
  record UseTaken() implements MailboxResult {}

  /** The account has as many mailboxes (or subscriptions) as one may have. */
  record TooMany() implements MailboxResult {}

  /** Not possible with that name; the reason is for the user. */
  record Invalid(String reason) implements MailboxResult {}
}
