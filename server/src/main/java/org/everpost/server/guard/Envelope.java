package org.everpost.server.guard;

import java.util.Objects;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a message before it comes.
 *
 * @param helo what the peer called itself
 * @param sender the reverse-path; null: the null path
 */
public record Envelope(String helo, @Nullable EmailAddress sender, EmailAddress recipient) {
  public Envelope {
    Objects.requireNonNull(helo, "helo");
    Objects.requireNonNull(recipient, "recipient");
  }
}
