package org.everpost.core.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.everpost.core.event.Event;
import org.everpost.core.time.Clock;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.wire.address.DomainName;

/** A name server, a clock and a resolver with short patience. */
final class DnsFixture implements AutoCloseable {

  /** How long a server is waited for that answers in the end. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How long one is waited for that does not. */
  private static final Duration TRY = Duration.ofMillis(300);

  static final DnsSettings.Budget BUDGET = new DnsSettings.Budget(200, 10_000);
  static final DnsSettings.Memory MEMORY =
      new DnsSettings.Memory(
          1 << 20,
          Duration.ofSeconds(5),
          Duration.ofHours(1),
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          3);
  static final DnsSettings.Breaker BREAKER =
      new DnsSettings.Breaker(
          4, Duration.ofMillis(600), Duration.ofSeconds(1), Duration.ofSeconds(8));

  final DnsStandIn dns = DnsStandIn.start();
  final ManualClock clock = new ManualClock();
  final List<Event> events = Collections.synchronizedList(new ArrayList<>());

  static DomainName name(String text) {
    return DomainName.of(text);
  }

  static NameServer trusted(DnsStandIn dns) {
    return new NameServer(dns.address(), true);
  }

  static NameServer untrusted(DnsStandIn dns) {
    return new NameServer(dns.address(), false);
  }

  static DnsSettings settings(NameServer... servers) {
    return settings(PATIENCE, servers);
  }

  private static DnsSettings settings(Duration tryTimeout, NameServer... servers) {
    return new DnsSettings(
        List.of(servers), PATIENCE.multipliedBy(3), tryTimeout, 5, 20, BUDGET, MEMORY, BREAKER);
  }

  /** Soon takes silence for silence. */
  CachingResolver impatient(NameServer... servers) {
    return resolver(settings(TRY, servers));
  }

  CachingResolver impatient() {
    return impatient(trusted(dns));
  }

  /** Asks the one server there is, and trusts it. */
  CachingResolver resolver() {
    return resolver(settings(trusted(dns)));
  }

  CachingResolver resolver(NameServer... servers) {
    return resolver(settings(servers));
  }

  CachingResolver resolver(DnsSettings.Budget budget) {
    DnsSettings s = settings(trusted(dns));
    return resolver(
        new DnsSettings(
            s.servers(),
            s.lookupTimeout(),
            s.tryTimeout(),
            s.maxAliases(),
            s.maxRecords(),
            budget,
            s.memory(),
            s.breaker()));
  }

  CachingResolver resolver(DnsSettings.Memory memory) {
    DnsSettings s = settings(trusted(dns));
    return resolver(
        new DnsSettings(
            s.servers(),
            s.lookupTimeout(),
            s.tryTimeout(),
            s.maxAliases(),
            s.maxRecords(),
            s.budget(),
            memory,
            s.breaker()));
  }

  CachingResolver resolver(DnsSettings settings) {
    return resolver(settings, clock);
  }

  CachingResolver resolver(DnsSettings settings, Clock its) {
    return new CachingResolver(settings, its, RandomSource.seeded(7), events::add);
  }

  /** There are records; this is the answer with them. */
  static <T> DnsAnswer.Found<T> found(DnsAnswer<T> answer) {
    assertThat(answer).isInstanceOf(DnsAnswer.Found.class);
    return (DnsAnswer.Found<T>) answer;
  }

  static <T> DnsAnswer.None<T> none(DnsAnswer<T> answer) {
    assertThat(answer).isInstanceOf(DnsAnswer.None.class);
    return (DnsAnswer.None<T>) answer;
  }

  /** There is no answer; this is why. */
  static String failed(DnsAnswer<?> answer) {
    assertThat(answer).isInstanceOf(DnsAnswer.Failed.class);
    return ((DnsAnswer.Failed<?>) answer).reason();
  }

  /** Waits for what another thread is about to do. */
  static void await(BooleanSupplier condition) {
    for (int i = 0; !condition.getAsBoolean(); i++) {
      assertThat(i).as("tries").isLessThan(10_000);
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public void close() {
    dns.close();
  }
}
