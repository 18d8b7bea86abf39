package org.everpost.server.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.SigningKey;
import org.everpost.core.directory.SigningKeys;
import org.everpost.core.dns.CachingResolver;
import org.everpost.core.dns.DnsSettings;
import org.everpost.core.dns.NameServer;
import org.everpost.core.event.Event;
import org.everpost.core.event.EventSink;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.spool.Spool;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.core.tlsrpt.TlsResults;
import org.everpost.server.outbound.DkimSigner;
import org.everpost.server.outbound.Notice;
import org.everpost.server.outbound.Outbound;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.server.relay.RecipientResult;
import org.everpost.server.relay.Relay;
import org.everpost.server.relay.RelayConnection;
import org.everpost.server.relay.StillClock;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.server.relay.tls.TlsCounters;
import org.everpost.server.relay.tls.TlsReports;
import org.everpost.server.relay.web.WebClient;
import org.everpost.store.CommitId;
import org.everpost.store.CommitResult;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.memory.MemoryStore;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimAlgorithm;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.tlsrpt.TlsReport.PolicyType;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;

/** Nodes that count and report, a name server, a queue with its signatures, and where mail goes. */
final class ReportHouse implements AutoCloseable {

  static final DomainName HERE = DomainName.of("example.test");

  /** What arrived somewhere. */
  record Arrived(OutgoingMessage message, String text) {

    /** The report in it. */
    String json() {
      int begin = text.indexOf("\r\n\r\n", text.indexOf("application/tlsrpt+gzip")) + 4;
      String base64 = text.substring(begin, text.indexOf("\r\n--", begin));
      return unpacked(Base64.getMimeDecoder().decode(base64));
    }
  }

  /** A server of ours. */
  final class Node {
    final TlsCounters counters = new TlsCounters(clock);
    final DailyReports reports;

    Node(Authorities authorities, int port) {
      ReportDispatch dispatch =
          new ReportDispatch(
              DomainName.of("mx.example.test"),
              null,
              directory,
              new ReportMail(
                  directory,
                  mailboxes,
                  new Delivery(mailboxes, clock, EventSink.NONE),
                  outbound::accept,
                  clock),
              new ReportPost(
                  new WebClient(
                      "tls-reports",
                      authorities,
                      resolver,
                      new WebClient.Limits(port, Duration.ofSeconds(20), Duration.ofSeconds(5), 4),
                      Clock.system(),
                      random),
                  clock),
              clock,
              random,
              events::add);
      reports =
          new DailyReports(
              counters,
              new TlsResults(store.ledger(), random.nextLong(), clock, random),
              resolver,
              dispatch,
              new Resting(clock),
              random,
              events::add);
    }

    void count(String domain, @Nullable ResultType failure) {
      DomainName its = DomainName.of(domain);
      counters.count(
          new TlsReports.Session(
              new TlsReports.Policy(PolicyType.NO_POLICY_FOUND, List.of(), its, its, List.of()),
              failure,
              "mx." + domain,
              "192.0.2.25",
              "192.0.2.1"));
    }
  }

  final StillClock clock = new StillClock();
  final RandomSource random = RandomSource.seeded(11);
  final MemoryStore store = new MemoryStore(clock, random);
  final List<Event> events = new CopyOnWriteArrayList<>();
  final Directory directory = new Directory(store.ledger(), false, clock, random, EventSink.NONE);
  final Mailboxes mailboxes = new Mailboxes(store, clock, random);
  final DnsStandIn dns = DnsStandIn.start();
  final List<Arrived> arrived = new CopyOnWriteArrayList<>();

  /** What connections were to be like. */
  final List<TlsDemand> demands = new CopyOnWriteArrayList<>();

  private final CachingResolver resolver =
      new CachingResolver(
          DnsSettings.usual(List.of(new NameServer(dns.address(), true))),
          clock,
          random,
          events::add);
  private final SigningKeys keys =
      new SigningKeys(store.ledger(), directory, clock, random, EventSink.NONE);
  private final Outbound outbound;
  private final List<Node> nodes = new ArrayList<>();

  ReportHouse() {
    directory.addDomain(HERE);
    keys.make(HERE, Set.of(DkimAlgorithm.ED25519_SHA256), false);
    for (SigningKey key : keys.all(HERE)) {
      keys.activate(key);
    }
    Clock working = new Working(clock);
    outbound =
        new Outbound(
            Spool.open(
                new NodeId("0123456789abcdef"),
                "mx.example.test",
                store,
                working,
                random,
                events::add),
            Scheduler.Settings.DEFAULT,
            RetryRules.DEFAULT,
            (_, tls, _) -> {
              demands.add(tls);
              return new Relay.Attempt.Connected(new Sink());
            },
            store.blobs(),
            new DkimSigner(directory, keys, working),
            (_, _, _) -> Notice.NONE,
            working,
            random,
            events::add);
    outbound.start();
  }

  /** The domains of which something is in the store for today. */
  List<String> written() {
    TlsResults results = new TlsResults(store.ledger(), 0, clock, random);
    LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
    return results.domains(today).map(DomainName::ascii).toList();
  }

  Node node() {
    return node(Authorities.system(), 443);
  }

  Node node(Authorities authorities, int port) {
    Node node = new Node(authorities, port);
    nodes.add(node);
    return node;
  }

  /** The time of day is the test's, and threads rest in the time of the world. */
  private record Working(StillClock day) implements Clock {
    private static final Clock WORLD = Clock.system();

    @Override
    public Instant instant() {
      return day.instant();
    }

    @Override
    public long nanoTime() {
      return WORLD.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      WORLD.sleep(duration);
    }
  }

  /** The time is the test's, and who rests does so until it is interrupted. */
  private record Resting(StillClock time) implements Clock {

    @Override
    public Instant instant() {
      return time.instant();
    }

    @Override
    public long nanoTime() {
      return time.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      new CountDownLatch(1).await();
    }
  }

  private final class Sink implements RelayConnection {

    @Override
    public String peer() {
      return "mx.peer.test";
    }

    @Override
    public List<RecipientResult> send(OutgoingMessage message) {
      try (InputStream in = message.content().open()) {
        byte[] content = in.readAllBytes();
        String signatures = message.signatures().of(out -> out.write(content));
        String text = new String(content, StandardCharsets.US_ASCII);
        arrived.add(new Arrived(message, signatures + text));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Reason taken = new Reason(EnhancedStatusCode.of("2.0.0"), "250 taken", "mx.peer.test");
      return message.recipients().stream()
          .<RecipientResult>map(_ -> new RecipientResult.Relayed(taken, false))
          .toList();
    }

    @Override
    public boolean isUsable() {
      return true;
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  static String unpacked(byte[] gzip) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until nothing is on its way any more. */
  void awaitRest() {
    await(() -> outbound.size() == 0);
  }

  private void await(BooleanSupplier condition) {
    Clock world = Clock.system();
    long until = world.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(world.nanoTime()).as("in time; %s", events).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  /** Puts a row among those of today that nobody can read. */
  void damage(String key) {
    byte[] text = key.getBytes(StandardCharsets.US_ASCII);
    int day = (int) clock.instant().atZone(ZoneOffset.UTC).toLocalDate().toEpochDay();
    byte[] row = ByteBuffer.allocate(4 + text.length).putInt(day).put(text).array();
    Partition results = new Partition(PartitionKind.CLUSTER, "tlsrpt");
    CommitResult done =
        store
            .ledger()
            .commit(
                results,
                store.ledger().read(results).version(),
                new CommitId(random.nextLong(), random.nextLong()),
                List.of(new Mutation.Put(row, new byte[] {(byte) 0xff})));
    assertThat(done).isInstanceOf(CommitResult.Committed.class);
  }

  <T extends Event> List<T> events(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Override
  public void close() {
    nodes.forEach(node -> node.reports.close());
    outbound.close();
    dns.close();
    store.close();
  }
}
