package org.everpost.core.zone;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.SigningKey;
import org.everpost.core.directory.SigningKeys;
import org.everpost.core.dns.CachingResolver;
import org.everpost.core.dns.DnsSettings;
import org.everpost.core.dns.NameServer;
import org.everpost.core.event.Event;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.core.zone.ZoneRecord.Topic;
import org.everpost.store.memory.MemoryStore;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimAlgorithm;

/** A domain with keys, and a name server that knows nothing of it yet. */
final class ZoneFixture implements AutoCloseable {

  static final DomainName HERE = DomainName.of("example.test");
  static final DomainName HOST = DomainName.of("mx1.example.test");
  static final String ADDRESS = "192.0.2.1";

  final DnsStandIn dns = DnsStandIn.start();
  final ManualClock clock = new ManualClock(); // it is January 2027
  final RandomSource random = RandomSource.seeded(1);
  final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  final MemoryStore store = new MemoryStore(clock, random);
  final Directory directory =
      new Directory(store.ledger(), store.shared(), clock, random, events::add);
  final SigningKeys keys = new SigningKeys(store.ledger(), directory, clock, random, events::add);

  ZoneFixture() {
    directory.addDomain(HERE);
    makeKeys(false);
  }

  void makeKeys(boolean successors) {
    keys.make(HERE, EnumSet.allOf(DkimAlgorithm.class), successors);
  }

  /** One that remembers nothing yet. */
  CachingResolver resolver() {
    return new CachingResolver(
        DnsSettings.usual(List.of(new NameServer(dns.address(), true))),
        clock,
        random,
        events::add);
  }

  static List<InetAddress> addresses(String... literals) {
    return Arrays.stream(literals).map(InetAddress::ofLiteral).toList();
  }

  DomainFacts facts(String... addresses) {
    return facts(addresses(addresses), List.of());
  }

  DomainFacts facts(List<InetAddress> addresses, List<InetAddress> sources) {
    return new DomainFacts(
        HERE,
        HOST,
        addresses,
        List.of(),
        sources,
        null,
        new DomainFacts.Ports(993, 0, 465),
        keys.all(HERE),
        clock.instant());
  }

  /** As {@link #facts(String...)}, for a server that hands all mail to another. */
  DomainFacts withSmartHost(String smartHost) {
    DomainFacts its = facts(ADDRESS);
    return new DomainFacts(
        HERE,
        HOST,
        its.addresses(),
        its.machine(),
        its.sources(),
        smartHost,
        its.ports(),
        its.keys(),
        its.now());
  }

  /** What can be pasted into the zone. */
  static String zoneFile(List<ZoneRecord> records) {
    return records.stream()
        .filter(ZoneRecord::isComplete)
        .map(record -> record.line() + "\n")
        .collect(Collectors.joining());
  }

  /** Does what the operator is told to do. */
  void publish(DomainFacts facts) {
    dns.zone(HERE.ascii(), zoneFile(DomainRecords.of(facts)));
    facts.addresses().forEach(address -> dns.ptr(address.getHostAddress(), HOST.ascii()));
  }

  /** What is found of a topic, for each of its records. */
  List<Finding> findings(DomainFacts facts, Topic topic) {
    CachingResolver resolver = resolver();
    return DomainRecords.of(facts).stream()
        .filter(record -> record.topic() == topic)
        .map(record -> record.check().ask(resolver))
        .toList();
  }

  Finding finding(DomainFacts facts, Topic topic) {
    return findings(facts, topic).getFirst();
  }

  SigningKey key(String selector) {
    return keys.all(HERE).stream()
        .filter(key -> key.selector().ascii().equals(selector))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    dns.close();
  }
}
