package org.everpost.wire.spf;

/** How much of an address has to be the same (RFC 7208 §5.3, dual-cidr-length). */
public record PrefixLengths(int ip4, int ip6) {

  static final int IP4_BITS = 32;
  static final int IP6_BITS = 128;

  /** All of it. */
  static final PrefixLengths ALL = new PrefixLengths(IP4_BITS, IP6_BITS);

  public PrefixLengths {
    if (ip4 < 0 || ip4 > IP4_BITS || ip6 < 0 || ip6 > IP6_BITS) {
      throw new IllegalArgumentException("no length of a prefix");
    }
  }

  /** As it is written: nothing for all. */
  @Override
  public String toString() {
    return (ip4 == IP4_BITS ? "" : "/" + ip4) + (ip6 == IP6_BITS ? "" : "//" + ip6);
  }
}
