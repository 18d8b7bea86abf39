package org.everpost.core.event;

/** What SMTP, submission and LMTP did. */
public sealed interface SmtpEvent extends Event {

  /** A message was accepted: durable before the peer heard 250. */
  record MessageAccepted(
      String connection, String peer, String from, int recipients, long size, String blob)
      implements SmtpEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /**
   * Somebody elsewhere sent a message of which he may have to be told something, because it is
   * forwarded or he has asked for it. Only if SPF has passed is he.
   *
   * @param spf what SPF says of him (RFC 7208 §2.6)
   */
  record SenderChecked(String connection, String peer, String from, String spf, String reason)
      implements SmtpEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** A command was refused. */
  record Rejected(String connection, String peer, String command, int code, String reason)
      implements SmtpEvent {
    @Override
    public boolean isCausedByStrangers() {
      return true;
    }

    @Override
    public Level level() {
      return Level.INFO;
    }
  }

  /** The store could not do what a command needed; the client was told to try again. */
  record StoreFailed(String connection, String reason) implements SmtpEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }
}
