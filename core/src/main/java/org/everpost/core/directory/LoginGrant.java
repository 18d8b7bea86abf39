package org.everpost.core.directory;

import java.util.Objects;

/**
 * As who somebody logged in. It holds until the account is disabled or deleted or has another
 * password.
 *
 * @param passwordChanges how often the password of the account had been changed
 */
public record LoginGrant(Account account, int passwordChanges) {
  public LoginGrant {
    Objects.requireNonNull(account, "account");
  }
}
