package org.everpost.core.directory;

import java.util.Objects;

/**
 * An account together with what is kept of its password: for logging in only.
 *
 * @param passwordChanges how often the password was changed
 */
public record AccountCredentials(Account account, StoredPassword password, int passwordChanges) {
  public AccountCredentials {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(password, "password");
  }

  /** What a login by these credentials gives. */
  public LoginGrant grant() {
    return new LoginGrant(account, passwordChanges);
  }
}
