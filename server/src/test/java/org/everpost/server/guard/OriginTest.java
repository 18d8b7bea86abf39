package org.everpost.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where peers come from, at three widths. */
class OriginTest {

  private static Origin of(String address) {
    return Origin.of(InetAddress.ofLiteral(address));
  }

  @Test
  void anIpv4AddressHasANetworkOf256AndARegionOf2048() {
    Origin origin = of("192.0.15.77");
    assertThat(of("192.0.15.78").address()).isNotEqualTo(origin.address());
    assertThat(of("192.0.15.255").network()).isEqualTo(origin.network());
    assertThat(of("192.0.14.77").network()).isNotEqualTo(origin.network());
    assertThat(of("192.0.8.0").region()).isEqualTo(origin.region());
    assertThat(of("192.0.7.255").region()).isNotEqualTo(origin.region());
    assertThat(of("192.0.16.0").region()).isNotEqualTo(origin.region());
  }

  @Test
  void anIpv6CustomerHas64BitsOfHisOwn() {
    Origin origin = of("2001:db8:1:2::1");
    assertThat(of("2001:db8:1:2:ffff::9")).isEqualTo(origin);
    assertThat(of("2001:db8:1:3::1").address()).isNotEqualTo(origin.address());
    assertThat(of("2001:db8:1:ff::1").network()).isEqualTo(origin.network());
    assertThat(of("2001:db8:1:102::1").network()).isNotEqualTo(origin.network());
    assertThat(of("2001:db8:1:ff00::1").region()).isEqualTo(origin.region());
    assertThat(of("2001:db8:2:2::1").region()).isNotEqualTo(origin.region());
  }

  @Test
  void anIpv4AddressWrittenAsIpv6IsTheSame() {
    assertThat(of("::ffff:192.0.2.1")).isEqualTo(of("192.0.2.1"));
  }

  @Test
  void noIpv6UnicastAddressMeetsAnIpv4One() {
    assertThat(of("::c000:201").address()).isNotEqualTo(of("192.0.2.1").address());
    assertThat(of("2001:db8::").network()).isNotEqualTo(of("0.0.0.0").network());
  }

  @Test
  void eachAddressHasAKeyOfItsOwn() {
    Set<String> keys = new HashSet<>();
    for (String address :
        new String[] {"192.0.2.1", "192.0.2.2", "1.0.2.192", "::1", "2001:db8::1", "0.0.0.0"}) {
      assertThat(of(address).key()).hasSize(8);
      keys.add(java.util.HexFormat.of().formatHex(of(address).key()));
    }
    assertThat(keys).hasSize(6);
  }
}
