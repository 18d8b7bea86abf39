package org.everpost.core.directory;

import java.util.Objects;

/**
 * What is settled for one account and has nothing to do with receiving.
 *
 * @param established it came from another system: it is not to be distrusted as a new one is
 */
public record AccountSettings(boolean established, SendingShare sending) {

  /** Of an account that was just made. */
  public static final AccountSettings NEW = new AccountSettings(false, new SendingShare.Usual());

  /** Of one that was imported. */
  public static final AccountSettings IMPORTED =
      new AccountSettings(true, new SendingShare.Usual());

  public AccountSettings {
    Objects.requireNonNull(sending, "sending");
  }

  AccountSettings withSending(SendingShare share) {
    return new AccountSettings(established, share);
  }
}
