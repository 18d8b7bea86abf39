package org.everpost.core.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.everpost.wire.address.DomainName;

/** A resolver that answers every question in one way. */
abstract class AnyKindResolver implements Resolver {

  abstract <T> DnsAnswer<T> find(DomainName name, RecordKind<T> kind);

  @Override
  public DnsAnswer<MxRecord> mx(DomainName name) {
    return find(name, RecordKind.MX);
  }

  @Override
  public DnsAnswer<Inet4Address> ipv4(DomainName name) {
    return find(name, RecordKind.A);
  }

  @Override
  public DnsAnswer<Inet6Address> ipv6(DomainName name) {
    return find(name, RecordKind.AAAA);
  }

  @Override
  public DnsAnswer<String> txt(DomainName name) {
    return find(name, RecordKind.TXT);
  }

  @Override
  public DnsAnswer<SrvRecord> srv(DomainName name) {
    return find(name, RecordKind.SRV);
  }

  @Override
  public DnsAnswer<TlsaRecord> tlsa(DomainName name) {
    return find(name, RecordKind.TLSA);
  }

  @Override
  public DnsAnswer<DomainName> cname(DomainName alias) {
    return find(alias, RecordKind.CNAME);
  }

  @Override
  public DnsAnswer<DomainName> ptr(InetAddress address) {
    return find(Resolver.reverseName(address), RecordKind.PTR);
  }
}
