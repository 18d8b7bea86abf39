package org.everpost.core.mailbox;

import java.time.Instant;
import java.util.Objects;

/**
 * A message to be put into a mailbox.
 *
 * @param content what {@link Mailboxes#receive} returned
 */
public record NewMessage(IncomingMessage content, FlagNames flags, Instant internalDate) {
  public NewMessage {
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(flags, "flags");
    Objects.requireNonNull(internalDate, "internalDate");
  }
}
