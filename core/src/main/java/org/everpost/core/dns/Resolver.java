package org.everpost.core.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.everpost.wire.address.DomainName;

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

  DnsAnswer<TlsaRecord> tlsa(DomainName name);

  /** The names of an address (RFC 1035 §3.5). */
  DnsAnswer<DomainName> ptr(InetAddress address);
}
