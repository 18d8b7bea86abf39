package org.everpost.server.relay;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.MxRecord;
import org.everpost.core.dns.Resolver;
import org.everpost.core.dns.SrvRecord;
import org.everpost.core.dns.TlsaRecord;
import org.everpost.wire.address.DomainName;

/** A domain name system of a few records. A name without any does not exist. */
public final class FakeResolver implements Resolver {

  private final Map<DomainName, List<Object>> records = new HashMap<>();
  private final Map<DomainName, DomainName> aliases = new HashMap<>();
  private final Set<String> failing = new HashSet<>();
  private final Set<DomainName> secure = new HashSet<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Consumer<DomainName> before = _ -> {};

  private FakeResolver add(String name, Object record) {
    records.computeIfAbsent(DomainName.of(name), n -> new ArrayList<>()).add(record);
    return this;
  }

  /** An exchange of {@code .} is the null MX. */
  public FakeResolver mx(String name, int preference, String exchange) {
    DomainName host = exchange.equals(".") ? null : DomainName.of(exchange);
    return add(name, new MxRecord(preference, host));
  }

  public FakeResolver address(String name, String... addresses) {
    Arrays.stream(addresses).forEach(a -> add(name, InetAddress.ofLiteral(a)));
    return this;
  }

  public FakeResolver txt(String name, String text) {
    return add(name, text);
  }

  /** An address has names. */
  public FakeResolver ptr(String address, String... names) {
    String reverse = Resolver.reverseName(InetAddress.ofLiteral(address)).ascii();
    Arrays.stream(names).forEach(name -> add(reverse, DomainName.of(name)));
    return this;
  }

  public FakeResolver tlsa(String name, TlsaRecord record) {
    return add(name, record);
  }

  public FakeResolver alias(String name, String target) {
    aliases.put(DomainName.of(name), DomainName.of(target));
    return this;
  }

  /** There is such a name, without records. */
  public FakeResolver empty(String name) {
    records.computeIfAbsent(DomainName.of(name), n -> new ArrayList<>());
    return this;
  }

  /** Queries for this name and kind fail. */
  public FakeResolver failing(String kind, String name) {
    failing.add(kind + " " + name);
    return this;
  }

  /** DNSSEC vouches for these names, and for what they have not. */
  public FakeResolver secure(String... names) {
    Arrays.stream(names).map(DomainName::of).forEach(secure::add);
    return this;
  }

  /** From now on something happens before each answer. */
  public void before(Consumer<DomainName> what) {
    before = what;
  }

  /** Forgets the records of a name. */
  public FakeResolver remove(String name) {
    records.remove(DomainName.of(name));
    return this;
  }

  /** All questions so far, as in {@code MX example.test}. */
  public List<String> asked() {
    return asked;
  }

  private <T> DnsAnswer<T> find(String kind, DomainName name, Class<T> type) {
    asked.add(kind + " " + name);
    before.accept(name);
    DomainName target = aliases.getOrDefault(name, name);
    if (failing.contains(kind + " " + name)) {
      return new DnsAnswer.Failed<>("SERVFAIL");
    }
    boolean isSecure = secure.contains(name) && secure.contains(target);
    List<Object> all = records.get(target);
    if (all == null) {
      return new DnsAnswer.None<>(false, isSecure);
    }
    List<T> found = all.stream().filter(type::isInstance).map(type::cast).toList();
    return found.isEmpty()
        ? new DnsAnswer.None<>(true, isSecure)
        : new DnsAnswer.Found<>(found, target, isSecure);
  }

  @Override
  public Resolver within(Duration limit) {
    return this;
  }

  @Override
  public DnsAnswer<MxRecord> mx(DomainName name) {
    return find("MX", name, MxRecord.class);
  }

  @Override
  public DnsAnswer<Inet4Address> ipv4(DomainName name) {
    return find("A", name, Inet4Address.class);
  }

  @Override
  public DnsAnswer<Inet6Address> ipv6(DomainName name) {
    return find("AAAA", name, Inet6Address.class);
  }

  @Override
  public DnsAnswer<String> txt(DomainName name) {
    return find("TXT", name, String.class);
  }

  @Override
  public DnsAnswer<SrvRecord> srv(DomainName name) {
    return find("SRV", name, SrvRecord.class);
  }

  @Override
  public DnsAnswer<TlsaRecord> tlsa(DomainName name) {
    return find("TLSA", name, TlsaRecord.class);
  }

  @Override
  public DnsAnswer<DomainName> cname(DomainName alias) {
    asked.add("CNAME " + alias);
    DomainName target = aliases.get(alias);
    if (failing.contains("CNAME " + alias)) {
      return new DnsAnswer.Failed<>("SERVFAIL");
    }
    return target == null
        ? new DnsAnswer.None<>(records.containsKey(alias), secure.contains(alias))
        : new DnsAnswer.Found<>(List.of(target), alias, secure.contains(alias));
  }

  @Override
  public DnsAnswer<DomainName> ptr(InetAddress address) {
    return find("PTR", Resolver.reverseName(address), DomainName.class);
  }
}
