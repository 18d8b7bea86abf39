package org.everpost.wire.smtp;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A line is not a command we know, or its arguments are not what the grammar says. */
public final class SmtpSyntaxException extends Exception {

  private final transient Reply reply;
  private final @Nullable SmtpVerb verb;

  /** Made in great numbers by hostile peers: has no stack trace. */
  public SmtpSyntaxException(@Nullable SmtpVerb verb, Reply reply) {
    super(reply.toString(), null, false, false);
    this.verb = verb;
    this.reply = Objects.requireNonNull(reply, "reply");
  }

  /** The command it was meant to be; null if its first word is unknown. */
  public @Nullable SmtpVerb verb() {
    return verb;
  }

  /** What to answer. */
  public Reply reply() {
    return reply;
  }
}
