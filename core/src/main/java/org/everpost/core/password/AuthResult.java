package org.everpost.core.password;

import java.time.Duration;
import java.util.Objects;
import org.everpost.core.directory.Account;

/** What became of a login. */
public sealed interface AuthResult {

  /** It is this account's owner. */
  record Success(Account account) implements AuthResult {
    public Success {
      Objects.requireNonNull(account, "account");
    }
  }

  /** Name or password is wrong, or the account is disabled; the peer does not learn which. */
  record Failure() implements AuthResult {}

  /** Too many failures lately: nothing was looked at. */
  record Throttled(Duration retryAfter) implements AuthResult {
    public Throttled {
      Objects.requireNonNull(retryAfter, "retryAfter");
    }
  }

  /** We cannot tell now: the store does not answer, or too many passwords wait to be verified. */
  record Unavailable() implements AuthResult {}
}
