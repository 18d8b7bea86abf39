package org.everpost.core.directory;

import java.util.Objects;
import org.everpost.wire.dsn.Language;
import org.jspecify.annotations.Nullable;

/**
 * What is settled for one account and has nothing to do with receiving.
 *
 * @param established it came from another system: it is not to be distrusted as a new one is
 * @param language what its owner reads; null: what is configured for all
 */
public record AccountSettings(
    boolean established, SendingShare sending, @Nullable Language language) {

  /** Of an account that was just made. */
  public static final AccountSettings NEW =
      new AccountSettings(false, new SendingShare.Usual(), null);

  /** Of one that was imported. */
  public static final AccountSettings IMPORTED =
      new AccountSettings(true, new SendingShare.Usual(), null);

  public AccountSettings {
    Objects.requireNonNull(sending, "sending");
  }

  AccountSettings withSending(SendingShare share) {
    return new AccountSettings(established, share, language);
  }

  AccountSettings withLanguage(@Nullable Language its) {
    return new AccountSettings(established, sending, its);
  }
}
