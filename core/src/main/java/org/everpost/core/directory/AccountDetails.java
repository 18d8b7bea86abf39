package org.everpost.core.directory;

import java.time.Instant;
import java.util.Objects;

/**
 * What an operator may see of an account.
 *
 * @param imported its password is still the one it was imported with
 * @param scram whether it can log in with SCRAM, which needs one login (or change) of the password
 *     in plain text
 */
public record AccountDetails(
    Account account, Instant created, boolean imported, boolean scram, AccountSettings settings) {
  public AccountDetails {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(settings, "settings");
  }

  /** Whether it was somebody's for long, wherever that was. */
  public boolean isEstablished() {
    return imported || settings.established();
  }
}
