package org.everpost.server.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntConsumer;
import org.everpost.core.time.Clock;

/** Says now and then how far something is that takes long. Used by one thread. */
final class Progress implements IntConsumer {

  private static final long PAUSE_NANOS = 3_000_000_000L;

  private final Console console;
  private final Clock clock;
  private long next;

  Progress(Console console, Clock clock) {
    this.console = console;
    this.clock = clock;
    this.next = clock.nanoTime() + PAUSE_NANOS;
  }

  @Override
  public void accept(int seen) {
    if (clock.nanoTime() - next >= 0) {
      try {
        console.err("everpost: " + seen + " messages looked at");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      next = clock.nanoTime() + PAUSE_NANOS;
    }
  }
}
