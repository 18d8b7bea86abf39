package org.everpost.server.relay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.MxRecord;
import org.everpost.core.dns.Resolver;
import org.everpost.core.time.RandomSource;
import org.everpost.wire.address.DomainName;

/** Which hosts take the mail of a domain, and in which order (RFC 5321 §5.1). */
final class MxLookup {

  /** Nobody needs more; whoever has more wants us to be busy. */
  private static final int MAX_HOSTS = 32;

  private final Resolver resolver;
  private final RandomSource random;
  private final OwnAddresses own;

  MxLookup(Resolver resolver, RandomSource random, OwnAddresses own) {
    this.resolver = resolver;
    this.random = random;
    this.own = own;
  }

  /** To be reached at this port. */
  NextHop find(DomainName domain, int port) {
    return switch (resolver.mx(domain)) {
      case DnsAnswer.Found<MxRecord> found -> hosts(domain, port, found);
      case DnsAnswer.None<MxRecord> none when none.nameExists() ->
          new NextHop.Hosts(
              domain, null, List.of(List.of(domain)), none.secure(), true, port, null);
      case DnsAnswer.None<MxRecord> _ ->
          NextHop.nowhere(true, "5.1.2", "The domain " + domain + " does not exist");
      case DnsAnswer.Failed<MxRecord> failed ->
          NextHop.nowhere(
              false, "4.4.3", "No MX records of " + domain + " just now: " + failed.reason());
    };
  }

  private NextHop hosts(DomainName domain, int port, DnsAnswer.Found<MxRecord> found) {
    List<MxRecord> records = new ArrayList<>();
    for (MxRecord record : found.records()) {
      if (record.exchange() != null) {
        records.add(record);
      }
    }
    if (records.isEmpty()) { // RFC 7505 §3
      return NextHop.nowhere(true, "5.1.10", "The domain " + domain + " takes no mail (null MX)");
    }
    int cut = Integer.MAX_VALUE;
    for (MxRecord record : records) {
      if (own.isOurName(record.exchange())) {
        cut = Math.min(cut, record.preference());
      }
    }
    int least = cut;
    records.removeIf(record -> record.preference() >= least);
    if (records.isEmpty()) {
      return NextHop.nowhere(
          true, "5.4.6", "The MX records of " + domain + " lead back to this server");
    }
    return new NextHop.Hosts(
        domain, found.name(), groups(records), found.secure(), false, port, null);
  }

  /** Sorted by preference and, for equal ones, by chance. */
  private List<List<DomainName>> groups(List<MxRecord> records) {
    for (int i = records.size() - 1; i > 0; i--) {
      int k = random.nextInt(i + 1);
      records.set(i, records.set(k, records.get(i)));
    }
    records.sort(Comparator.comparingInt(MxRecord::preference));
    List<List<DomainName>> groups = new ArrayList<>();
    int preference = -1;
    for (MxRecord record : records.subList(0, Math.min(records.size(), MAX_HOSTS))) {
      if (record.preference() != preference) {
        preference = record.preference();
        groups.add(new ArrayList<>());
      }
      DomainName host = record.exchange();
      if (host != null && groups.stream().noneMatch(group -> group.contains(host))) {
        groups.getLast().add(host);
      }
    }
    groups.removeIf(List::isEmpty);
    return groups;
  }
}
