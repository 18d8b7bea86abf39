package org.everpost.core.zone;

import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.SigningKey;
import org.everpost.core.directory.SigningKey.State;
import org.everpost.core.directory.SigningKeys;
import org.everpost.core.dns.Resolver;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.event.StoreEvent;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.StoreException;
import org.everpost.wire.address.DomainName;

/**
 * Looks about every hour for the records of all keys: those that wait sign as soon as they are
 * seen, and the log tells when one that signs is not to be seen any more. For one thread, which it
 * occupies until it is interrupted.
 */
public final class KeyWatch implements Runnable {

  private static final Duration FIRST = Duration.ofMinutes(1);

  private final Directory directory;
  private final KeyActivation activation;
  private final Clock clock;
  private final RandomSource random;
  private final EventSink events;

  /** Of whose absence the log has told. */
  private final Set<DomainName> told = new HashSet<>();

  public KeyWatch(
      Directory directory,
      SigningKeys keys,
      Resolver resolver,
      Clock clock,
      RandomSource random,
      EventSink events) {
    this.directory = Objects.requireNonNull(directory, "directory");
    this.activation = new KeyActivation(keys, resolver);
    this.clock = Objects.requireNonNull(clock, "clock");
    this.random = Objects.requireNonNull(random, "random");
    this.events = Objects.requireNonNull(events, "events");
  }

  @Override
  public void run() {
    try {
      clock.sleep(FIRST);
      while (true) {
        lookForAll();
        // Not all nodes at the same time, and not before a denial is forgotten.
        clock.sleep(Duration.ofMinutes(random.nextLong(61, 76)));
      }
    } catch (InterruptedException e) {
      // The server stops.
    }
  }

  /** Looks once. */
  void lookForAll() throws InterruptedException {
    Set<DomainName> looked = new HashSet<>();
    try {
      for (DomainName domain : directory.domains()) {
        lookFor(domain, looked);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      told.retainAll(looked);
    } catch (StoreException e) {
      fail(e);
    }
  }

  /** A damaged row keeps no other domain from being looked for. */
  private void lookFor(DomainName domain, Set<DomainName> looked) {
    try {
      activation
          .run(domain)
          .forEach((key, finding) -> {
            looked.add(key.recordName());
            tell(key, finding);
          });
    } catch (IllegalStateException e) {
      fail(e);
    }
  }

  private void fail(RuntimeException e) {
    events.accept(new StoreEvent.Unavailable(String.valueOf(e.getMessage())));
  }

  private void tell(SigningKey key, Finding finding) {
    if (key.state() != State.ACTIVE) {
      return;
    }
    DomainName name = key.recordName();
    switch (finding) {
      case Finding.Good _ -> told.remove(name);
      case Finding.Unknown _ -> {
        // it will be known another time
      }
      case Finding.Missing _ -> tell(name, "it is missing");
      case Finding.Wrong(String _, String why) -> tell(name, "it " + why);
    }
  }

  private void tell(DomainName name, String reason) {
    if (told.add(name)) {
      events.accept(new RelayEvent.Unverifiable(name.ascii(), reason));
    }
  }
}
