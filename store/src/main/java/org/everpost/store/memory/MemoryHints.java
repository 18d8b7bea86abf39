package org.everpost.store.memory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.everpost.store.ContractLimits;
import org.everpost.store.Hints;
import org.jspecify.annotations.Nullable;

/** Hints with the moment they end. One that is over is removed when somebody asks for it. */
final class MemoryHints implements Hints {

  private final Map<Name, Hint> hints = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final Runnable requireOpen;

  MemoryHints(InstantSource clock, Runnable requireOpen) {
    this.clock = clock;
    this.requireOpen = requireOpen;
  }

  /** A byte buffer compares its bytes, which an array does not. */
  private record Name(String table, ByteBuffer key) {
    static Name of(String table, byte[] key) {
      return new Name(table, ByteBuffer.wrap(key.clone()));
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by identity only
  private record Hint(byte[] value, Instant end) {}

  @Override
  public void put(String table, byte[] key, byte[] value, Duration timeToLive) {
    ContractLimits.checkHint(table, key, value, timeToLive);
    requireOpen.run();
    hints.put(Name.of(table, key), new Hint(value.clone(), clock.instant().plus(timeToLive)));
  }

  @Override
  public byte @Nullable [] get(String table, byte[] key) {
    ContractLimits.checkHintKey(table, key);
    requireOpen.run();
    Name name = Name.of(table, key);
    Hint hint = hints.get(name);
    if (hint == null) {
      return null;
    }
    if (!clock.instant().isBefore(hint.end)) {
      hints.remove(name, hint);
      return null;
    }
    return hint.value.clone();
  }

  @Override
  public void delete(String table, byte[] key) {
    ContractLimits.checkHintKey(table, key);
    requireOpen.run();
    hints.remove(Name.of(table, key));
  }
}
