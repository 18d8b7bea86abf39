package org.everpost.core.dns;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.everpost.core.event.DnsEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.Reason;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * One name server, and its circuit breaker. Queries without an answer only raise a suspicion: it
 * may be the servers of the domain that are silent, and whoever has such a domain could otherwise
 * cut us off from all others. A question every name server answers by itself decides (RFC 6761
 * §6.3). While the breaker is open the same question, after pauses that grow, tells when it can be
 * closed; no lookup is risked for that.
 *
 * <p>Safe for any number of threads; no lock is held while a server is asked. Events are told with
 * the lock held, so that their order is that of what happened.
 */
final class Upstream {

  private static final Name PROBE = Name.fromConstantString("localhost.");

  private final NameServer server;
  private final DnsSettings.Breaker breaker;
  private final Exchange exchange;
  private final Clock clock;
  private final EventSink events;
  private final LongAdder failures = new LongAdder();

  private int failuresInARow;
  private boolean open;
  private boolean probing;
  private long nextProbe;
  private Duration pause;

  Upstream(
      NameServer server,
      DnsSettings.Breaker breaker,
      Clock clock,
      RandomSource random,
      EventSink events) {
    this.server = server;
    this.breaker = breaker;
    this.exchange = new Exchange(server.address(), clock, random);
    this.clock = clock;
    this.events = events;
    this.pause = breaker.leastPause();
  }

  boolean trusted() {
    return server.trusted();
  }

  /** Whether it is worth asking; if it is time to find out, that is done now, until then. */
  boolean isUsable(long until) {
    synchronized (this) {
      if (!open) {
        return true;
      }
      if (probing || clock.nanoTime() - nextProbe < 0) {
        return false;
      }
      probing = true;
    }
    return probe(Math.min(until, clock.nanoTime() + breaker.probeTimeout().toNanos()));
  }

  /**
   * Its answer.
   *
   * @throws IOException if there is none in time
   */
  Message ask(Name name, int type, long until) throws IOException {
    try {
      Message answer = exchange.ask(name, type, until);
      answered();
      return answer;
    } catch (IOException e) {
      failed();
      throw e;
    }
  }

  private synchronized void answered() {
    failuresInARow = 0;
    pause = breaker.leastPause();
    if (open) {
      open = false;
      events.accept(new DnsEvent.NameServerUp(server.toString()));
    }
  }

  private void failed() {
    failures.increment();
    synchronized (this) {
      failuresInARow++;
      if (open || probing || failuresInARow < breaker.failures()) {
        return;
      }
      probing = true;
    }
    Thread.ofVirtual()
        .name("dns-probe")
        .start(() -> probe(clock.nanoTime() + breaker.probeTimeout().toNanos()));
  }

  private boolean probe(long until) {
    String reason = "broken off";
    boolean alive = false;
    try {
      exchange.ask(PROBE, Type.A, until);
      alive = true;
    } catch (IOException e) {
      reason = Reason.of(e);
    } finally {
      probed(alive, reason);
    }
    return alive;
  }

  private synchronized void probed(boolean alive, String reason) {
    probing = false;
    if (alive) {
      answered();
      return;
    }
    nextProbe = clock.nanoTime() + pause.toNanos();
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(breaker.mostPause()) > 0 ? breaker.mostPause() : longer;
    if (!open) {
      open = true;
      events.accept(new DnsEvent.NameServerDown(server.toString(), reason));
    }
  }

  DnsCounters.Server counters() {
    boolean isOpen;
    synchronized (this) {
      isOpen = open;
    }
    return new DnsCounters.Server(
        server,
        exchange.udpQueries.sum(),
        exchange.tcpQueries.sum(),
        failures.sum(),
        exchange.strays.sum(),
        isOpen);
  }
}
