package org.everpost.core.dns;

import java.util.List;
import java.util.Objects;
import org.everpost.wire.address.DomainName;

/** What {@link Resolver} found. */
public sealed interface DnsAnswer<T> {

  /**
   * There are records.
   *
   * @param records at least one
   * @param name the name that has them, after all CNAMEs
   * @param secure whether DNSSEC vouches for all of it, the CNAMEs too (RFC 4035 §3.2.3)
   */
  record Found<T>(List<T> records, DomainName name, boolean secure) implements DnsAnswer<T> {
    public Found {
      records = List.copyOf(records);
      if (records.isEmpty()) {
        throw new IllegalArgumentException("no records");
      }
      Objects.requireNonNull(name, "name");
    }
  }

  /**
   * There are none.
   *
   * @param nameExists false: the name itself does not exist (NXDOMAIN)
   * @param secure whether DNSSEC proves it
   */
  record None<T>(boolean nameExists, boolean secure) implements DnsAnswer<T> {}

  /**
   * Nobody knows just now: no server answered in time, one failed, the answer was a lie (RFC 4033
   * §5: bogus), or the budget of queries is spent. Try again later.
   *
   * @param reason for people, a few words
   */
  record Failed<T>(String reason) implements DnsAnswer<T> {
    public Failed {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
