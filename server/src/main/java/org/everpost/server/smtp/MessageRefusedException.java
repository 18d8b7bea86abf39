package org.everpost.server.smtp;

import java.io.IOException;
import org.everpost.wire.smtp.Reply;

/** The message that is being read must not be stored; thrown out of its stream. */
final class MessageRefusedException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient Reply reply;

  MessageRefusedException(Reply reply) {
    super(reply.toString());
    this.reply = reply;
  }

  /** What to answer. */
  Reply reply() {
    return reply;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
