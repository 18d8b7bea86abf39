package org.everpost.core.dns;

import java.util.List;
import org.everpost.wire.address.DomainName;
import org.xbill.DNS.Name;

/** What one answer says. */
sealed interface Reading<T> {

  /** These records, which live so long. */
  record Found<T>(List<T> records, DomainName name, long ttlSeconds) implements Reading<T> {
    public Found {
      records = List.copyOf(records);
    }
  }

  /**
   * There are none, as long as that.
   *
   * @param alias whether it is said of what the name is an alias of
   */
  record None<T>(boolean nameExists, boolean alias, long ttlSeconds) implements Reading<T> {}

  /** The name is an alias of another one, of which nothing is said. */
  record Alias<T>(Name target, long ttlSeconds) implements Reading<T> {}

  /** The server could not, or what it says makes no sense. */
  record Broken<T>(String reason) implements Reading<T> {}
}
