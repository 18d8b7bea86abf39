package org.everpost.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Soft state with a time to live: greylist, reputation, failed logins. The last writer wins; any of
 * it may be lost without harm, so a put is acknowledged before it is durable.
 */
public interface Hints {

  /** The longest key, in octets. */
  int MAX_KEY_OCTETS = 512;

  /** The largest value, in octets. */
  int MAX_VALUE_OCTETS = 4096;

  /**
   * Puts a value that is gone after {@code timeToLive} (1 s to 400 days).
   *
   * @param table a short lower-case name, at most 32 characters: keys of different tables never
   *     meet
   */
  void put(String table, byte[] key, byte[] value, Duration timeToLive);

  /** The value, or null if there is none or its time is over. */
  byte @Nullable [] get(String table, byte[] key);

  void delete(String table, byte[] key);
}
