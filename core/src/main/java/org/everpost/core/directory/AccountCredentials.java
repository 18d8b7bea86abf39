package org.everpost.core.directory;

import java.util.Objects;

/** An account together with what is kept of its password: for logging in only. */
public record AccountCredentials(Account account, StoredPassword password) {
  public AccountCredentials {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(password, "password");
  }
}
