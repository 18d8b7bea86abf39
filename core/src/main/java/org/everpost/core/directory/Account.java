package org.everpost.core.directory;

import java.util.Objects;
import org.everpost.wire.address.EmailAddress;

/**
 * Somebody who has mail here.
 *
 * @param address the main address, which is the login name
 * @param disabled can neither log in nor receive
 */
public record Account(AccountId id, EmailAddress address, Quota quota, boolean disabled) {
  public Account {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(quota, "quota");
  }
}
