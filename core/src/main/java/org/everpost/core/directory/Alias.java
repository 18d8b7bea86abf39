package org.everpost.core.directory;

import java.util.List;
import java.util.Objects;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address without a mailbox: its mail goes to others.
 *
 * @param address null: the catch-all of the domain
 */
public record Alias(DomainName domain, @Nullable EmailAddress address, List<EmailAddress> targets) {

  /** The most targets an alias has, and the most a recipient may lead to all in all. */
  public static final int MAX_TARGETS = 100;

  public Alias {
    Objects.requireNonNull(domain, "domain");
    targets = List.copyOf(targets);
  }

  /** Its address as it is written, or {@code @domain} for a catch-all. */
  public String name() {
    return address == null ? "@" + domain : address.toString();
  }
}
