package org.everpost.store;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits of the contract, checked by every engine before anything else happens. Each method
 * throws IllegalArgumentException if a limit is exceeded: that is a programmer's error, never a
 * peer's.
 */
public final class ContractLimits {

  private static final Duration SHORTEST_TIME_TO_LIVE = Duration.ofSeconds(1);
  private static final Duration LONGEST_TIME_TO_LIVE = Duration.ofDays(400);
  private static final int MAX_TABLE_CHARACTERS = 32;

  private ContractLimits() {}

  /** Checks what {@link Ledger#commit} is given. */
  public static void checkCommit(long expectedVersion, List<Mutation> mutations) {
    check(expectedVersion >= 0, "expected version", expectedVersion);
    check(mutations.size() <= Ledger.MAX_MUTATIONS, "mutations", mutations.size());
    long octets = 0;
    for (Mutation mutation : mutations) {
      octets +=
          switch (mutation) {
            case Mutation.Put(byte[] key, byte[] value) -> {
              checkKey(key);
              check(value.length <= Ledger.MAX_VALUE_OCTETS, "value octets", value.length);
              yield key.length + value.length;
            }
            case Mutation.Delete(byte[] key) -> {
              checkKey(key);
              yield key.length;
            }
            case Mutation.DeleteRange(KeyRange range) -> {
              checkRange(range);
              yield range.from().length + (range.to() == null ? 0 : range.to().length);
            }
          };
    }
    check(octets <= Ledger.MAX_COMMIT_OCTETS, "commit octets", octets);
  }

  /** Checks the key of a row. */
  public static void checkKey(byte[] key) {
    check(key.length >= 1 && key.length <= Ledger.MAX_KEY_OCTETS, "key octets", key.length);
  }

  /** Checks what {@link PartitionView#scan} is given. */
  public static void checkScan(KeyRange range, int limit) {
    checkRange(range);
    check(limit >= 1, "scan limit", limit);
  }

  /** A border may be one octet longer than a key, so that it can lie just behind the longest. */
  private static void checkRange(KeyRange range) {
    check(range.from().length <= Ledger.MAX_KEY_OCTETS + 1, "border octets", range.from().length);
    byte[] to = range.to();
    check(to == null || to.length <= Ledger.MAX_KEY_OCTETS + 1, "border octets", to);
  }

  /** Checks what {@link Blobs#open} is given. */
  public static void checkBlobRange(long offset, long length) {
    check(offset >= 0, "blob offset", offset);
    check(length >= 0, "blob length", length);
  }

  /** Checks the table and the key of a hint. */
  public static void checkHintKey(String table, byte[] key) {
    check(!table.isEmpty() && table.length() <= MAX_TABLE_CHARACTERS, "table name", table);
    for (int i = 0; i < table.length(); i++) {
      char c = table.charAt(i);
      check((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-', "table name", table);
    }
    check(key.length >= 1 && key.length <= Hints.MAX_KEY_OCTETS, "hint key octets", key.length);
  }

  /** Checks what {@link Hints#put} is given. */
  public static void checkHint(String table, byte[] key, byte[] value, Duration timeToLive) {
    checkHintKey(table, key);
    check(value.length <= Hints.MAX_VALUE_OCTETS, "hint value octets", value.length);
    check(
        timeToLive.compareTo(SHORTEST_TIME_TO_LIVE) >= 0
            && timeToLive.compareTo(LONGEST_TIME_TO_LIVE) <= 0,
        "time to live",
        timeToLive);
  }

  private static void check(boolean holds, String what, @Nullable Object actual) {
    if (!holds) {
      throw new IllegalArgumentException("out of bounds: " + what + " " + actual);
    }
  }
}
