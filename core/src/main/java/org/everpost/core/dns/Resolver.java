package org.everpost.core.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import org.everpost.wire.address.DomainName;
import org.xbill.DNS.ReverseMap;

/**
 * Asks the domain name system. Every method blocks for a bounded time and tells what went wrong as
 * {@link DnsAnswer.Failed}; none throws. Names are absolute, CNAMEs are followed. Safe for any
 * number of threads.
 */
public interface Resolver {

  /** The MX records as they came, in no particular order (RFC 5321 §5.1). */
  DnsAnswer<MxRecord> mx(DomainName name);

  DnsAnswer<Inet4Address> ipv4(DomainName name);

  DnsAnswer<Inet6Address> ipv6(DomainName name);

  /** The strings of each TXT record joined, octets as ISO 8859-1 characters (RFC 7208 §3.3). */
  DnsAnswer<String> txt(DomainName name);

  /**
   * @param name with the service and its protocol, as in {@code _imaps._tcp.example.org}
   */
  DnsAnswer<SrvRecord> srv(DomainName name);

  DnsAnswer<TlsaRecord> tlsa(DomainName name);

  /** The name behind an alias, as it stands there itself: this one CNAME is not followed. */
  DnsAnswer<DomainName> cname(DomainName alias);

  /** The names of an address, as they stand at its {@link #reverseName}. */
  DnsAnswer<DomainName> ptr(InetAddress address);

  /** The same, but what is asked there is not waited for any more when so much time is over. */
  Resolver within(Duration limit);

  /** Where the names of an address are (RFC 1035 §3.5, RFC 3596 §2.5). */
  static DomainName reverseName(InetAddress address) {
    return DomainName.of(ReverseMap.fromAddress(address).toString(true));
  }
}
