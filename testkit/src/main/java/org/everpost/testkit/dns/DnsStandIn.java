package org.everpost.testkit.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;

/**
 * A recursive name server for tests, on loopback, by UDP and TCP. What it was told it answers; any
 * other name does not exist. Everything may be said and changed while it runs.
 *
 * <pre>{@code
 * try (DnsStandIn dns = DnsStandIn.start()) {
 *   dns.mx("example.test", 10, "mx.example.test").a("mx.example.test", "192.0.2.1");
 *   dns.secure("example.test").fault("broken.test", Fault.SERVFAIL);
 *   … dns.address() …
 *   assertThat(dns.count("example.test", "MX")).isEqualTo(1);
 * }
 * }</pre>
 *
 * <p>Safe for any number of threads.
 */
public final class DnsStandIn implements AutoCloseable {

  private static final Duration USUAL_TTL = Duration.ofMinutes(5);
  private static final long NEGATIVE_TTL_SECONDS = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MAX_TEXT = 255;

  /**
   * One query that came.
   *
   * @param name without a final dot, as it was written
   */
  public record Query(String name, String type, boolean tcp, int flags) {}

  private final StandInZones zones = new StandInZones(NEGATIVE_TTL_SECONDS);
  private final Map<Name, Fault> faults = new ConcurrentHashMap<>();
  private final Map<Name, Duration> delays = new ConcurrentHashMap<>();
  private final Map<Name, CountDownLatch> holds = new ConcurrentHashMap<>();
  private final Map<Name, UnaryOperator<byte[]>> replies = new ConcurrentHashMap<>();
  private final List<Query> queries = new ArrayList<>();
  private final StandInSockets sockets;
  private volatile long ttlSeconds = USUAL_TTL.toSeconds();

  private DnsStandIn(InetAddress address, int port) throws IOException {
    this.sockets = StandInSockets.open(this, address, port);
  }

  /** One that knows nothing yet. */
  public static DnsStandIn start() {
    return start("127.0.0.1", 0);
  }

  /**
   * The same, at a place some program expects it to be.
   *
   * @param port 0: any
   */
  public static DnsStandIn start(String address, int port) {
    try {
      DnsStandIn dns = new DnsStandIn(InetAddress.ofLiteral(address), port);
      dns.sockets.start();
      return dns;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens, by UDP and by TCP. */
  public InetSocketAddress address() {
    return sockets.address();
  }

  @Override
  public void close() {
    holds.values().forEach(CountDownLatch::countDown);
    sockets.close();
  }

  // ---- what it knows ----

  /** What is said from now on lives so long; 5 minutes otherwise. */
  public DnsStandIn ttl(Duration ttl) {
    ttlSeconds = ttl.toSeconds();
    return this;
  }

  /** A zone: denials of names below it carry its SOA record with this negative TTL. */
  public DnsStandIn zone(String apex, Duration negativeTtl) {
    zones.zone(name(apex), negativeTtl.toSeconds());
    return this;
  }

  /** A zone with its records as in a master file (RFC 1035 §5.1), names relative to the apex. */
  public DnsStandIn zone(String apex, String masterFile) {
    zone(apex, Duration.ofSeconds(NEGATIVE_TTL_SECONDS));
    byte[] text = masterFile.getBytes(StandardCharsets.ISO_8859_1);
    try (Master master = new Master(new ByteArrayInputStream(text), name(apex), ttlSeconds)) {
      for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
        if (record instanceof SOARecord soa) {
          zones.zone(soa.getName(), soa.getMinimum());
        } else {
          zones.add(record);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /**
   * @param exchange "." says that there is no mail (RFC 7505)
   */
  public DnsStandIn mx(String name, int preference, String exchange) {
    return add(new MXRecord(name(name), DClass.IN, ttlSeconds, preference, name(exchange)));
  }

  public DnsStandIn a(String name, String... addresses) {
    for (String address : addresses) {
      add(new ARecord(name(name), DClass.IN, ttlSeconds, InetAddress.ofLiteral(address)));
    }
    return this;
  }

  public DnsStandIn aaaa(String name, String... addresses) {
    for (String address : addresses) {
      add(new AAAARecord(name(name), DClass.IN, ttlSeconds, InetAddress.ofLiteral(address)));
    }
    return this;
  }

  /** One record; what is longer than a string may be is cut into several. */
  public DnsStandIn txt(String name, String text) {
    List<String> strings = new ArrayList<>();
    for (int i = 0; i == 0 || i < text.length(); i += MAX_TEXT) {
      String part = text.substring(i, Math.min(text.length(), i + MAX_TEXT));
      strings.add(part.replace("\\", "\\\\").replace("\"", "\\\""));
    }
    return add(new TXTRecord(name(name), DClass.IN, ttlSeconds, strings));
  }

  /**
   * @param name with the port and protocol, as in {@code _25._tcp.mx.example.test}
   */
  public DnsStandIn tlsa(String name, int usage, int selector, int matchingType, byte[] data) {
    return add(
        new TLSARecord(
            name(name), DClass.IN, ttlSeconds, usage, selector, matchingType, data.clone()));
  }

  public DnsStandIn cname(String alias, String target) {
    return add(new CNAMERecord(name(alias), DClass.IN, ttlSeconds, name(target)));
  }

  public DnsStandIn ptr(String address, String name) {
    Name reverse = ReverseMap.fromAddress(InetAddress.ofLiteral(address));
    return add(new PTRRecord(reverse, DClass.IN, ttlSeconds, name(name)));
  }

  /** Any other record. */
  public DnsStandIn add(Record record) {
    zones.add(record);
    return this;
  }

  /** Forgets all records of a name. */
  public DnsStandIn remove(String name) {
    zones.remove(name(name));
    return this;
  }

  /** Sets the AD bit for this name and those below it, denials too; "." for all. */
  public DnsStandIn secure(String name) {
    zones.secure(name(name));
    return this;
  }

  // ---- how it behaves ----

  /** Misbehaves for this name and those below it until {@link #heal}; "." for all. */
  public DnsStandIn fault(String name, Fault fault) {
    faults.put(name(name), fault);
    return this;
  }

  /** Changes the octets of every answer about this name and those below it. */
  public DnsStandIn reply(String name, UnaryOperator<byte[]> change) {
    replies.put(name(name), change);
    return this;
  }

  /** Takes its time for this name and those below it. */
  public DnsStandIn delay(String name, Duration delay) {
    delays.put(name(name), delay);
    return this;
  }

  /** Answers nothing about this name and those below it before {@link #release}. */
  public DnsStandIn hold(String name) {
    holds.put(name(name), new CountDownLatch(1));
    return this;
  }

  /** Sends all answers that were held. */
  public DnsStandIn release(String name) {
    CountDownLatch held = holds.remove(name(name));
    if (held != null) {
      held.countDown();
    }
    return this;
  }

  /** No faults, delays and changed replies any more. */
  public DnsStandIn heal(String name) {
    Name its = name(name);
    faults.remove(its);
    delays.remove(its);
    replies.remove(its);
    return release(name);
  }

  // ---- what it was asked ----

  /** All queries so far, in the order they came. */
  public List<Query> queries() {
    synchronized (queries) {
      return List.copyOf(queries);
    }
  }

  /** How many there were, of whatever. */
  public int count() {
    synchronized (queries) {
      return queries.size();
    }
  }

  /** How many queries there were of a name and a type. */
  public int count(String name, String type) {
    return (int)
        queries().stream()
            .filter(q -> q.name().equalsIgnoreCase(name) && q.type().equals(type))
            .count();
  }

  /**
   * Waits until there were so many queries.
   *
   * @throws AssertionError if they do not come
   */
  public DnsStandIn awaitQueries(int count) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    synchronized (queries) {
      while (queries.size() < count) {
        long millis = (until - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          throw new AssertionError("not " + count + " queries but " + queries);
        }
        try {
          queries.wait(millis);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError("interrupted", e);
        }
      }
    }
    return this;
  }

  // ---- for its sockets ----

  void came(Message query, boolean tcp) {
    Record question = query.getQuestion();
    int flags = 0;
    for (int bit = 0; bit < Short.SIZE; bit++) {
      // The bits of the operation and result code are no flags.
      boolean isFlag = bit == 0 || (bit >= 5 && bit <= 11);
      flags |= isFlag && query.getHeader().getFlag(bit) ? 1 << bit : 0;
    }
    synchronized (queries) {
      queries.add(
          new Query(question.getName().toString(true), StandInZones.type(question), tcp, flags));
      queries.notifyAll();
    }
  }

  void pause(Name name) throws InterruptedException {
    CountDownLatch held = nearest(holds, name);
    if (held != null) {
      held.await();
    }
    Duration delay = nearest(delays, name);
    if (delay != null) {
      Thread.sleep(delay);
    }
  }

  @Nullable Fault fault(Name name) {
    return nearest(faults, name);
  }

  byte[] changed(Name name, byte[] reply) {
    UnaryOperator<byte[]> change = nearest(replies, name);
    return change == null ? reply : change.apply(reply);
  }

  StandInZones zones() {
    return zones;
  }

  private static <T> @Nullable T nearest(Map<Name, T> map, Name name) {
    Name nearest = StandInZones.nearest(map.keySet(), name);
    return nearest == null ? null : map.get(nearest);
  }

  private static Name name(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
