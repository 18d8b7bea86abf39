package org.everpost.core.directory;

import java.util.List;
import org.everpost.wire.address.EmailAddress;

/** What {@link Directory#resolve} says of a recipient address. */
public sealed interface Resolution {

  /**
   * The mail goes to these: after aliases, catch-all and {@code +detail} were followed, without
   * repetition. At least one of the lists is not empty.
   */
  record Deliver(List<Account> accounts, List<EmailAddress> remote) implements Resolution {
    public Deliver {
      accounts = List.copyOf(accounts);
      remote = List.copyOf(remote);
    }
  }

  /** The domain is ours, the local part is not (RFC 3463 X.1.1). */
  record NoSuchUser() implements Resolution {}

  /** The account is disabled (RFC 3463 X.2.1). */
  record Disabled() implements Resolution {}

  /** Its aliases lead to more addresses than we deliver to (RFC 3463 X.5.3): nobody gets it. */
  record TooManyTargets() implements Resolution {}

  /** The domain is not ours. */
  record NotLocal() implements Resolution {}
}
