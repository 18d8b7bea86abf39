package org.everpost.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** Addresses with a prefix (RFC 4632 §3.1). */
class IpNetworkTest {

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  @Test
  void whatIsReadIsWrittenTheSame() {
    for (String text :
        new String[] {"192.0.2.0/24", "192.0.2.7", "0.0.0.0/0", "10.128.0.0/9", "127.0.0.1"}) {
      assertThat(IpNetwork.of(text)).hasToString(text);
    }
    assertThat(IpNetwork.of(IpNetwork.of("2001:db8::/33").toString()))
        .isEqualTo(IpNetwork.of("2001:db8::/33"));
    assertThat(IpNetwork.of("192.0.2.7/32")).hasToString("192.0.2.7");
  }

  @Test
  void anAddressIsInTheNetworksThatBeginWithItsBits() {
    assertThat(IpNetwork.of("192.0.2.0/24").contains(ip("192.0.2.255"))).isTrue();
    assertThat(IpNetwork.of("192.0.2.0/24").contains(ip("192.0.3.0"))).isFalse();
    assertThat(IpNetwork.of("192.0.2.128/25").contains(ip("192.0.2.127"))).isFalse();
    assertThat(IpNetwork.of("192.0.2.4/30").contains(ip("192.0.2.7"))).isTrue();
    assertThat(IpNetwork.of("192.0.2.4/30").contains(ip("192.0.2.8"))).isFalse();
    assertThat(IpNetwork.of("0.0.0.0/0").contains(ip("203.0.113.9"))).isTrue();
    assertThat(IpNetwork.of("2001:db8::/32").contains(ip("2001:db8:ffff::1"))).isTrue();
    assertThat(IpNetwork.of("2001:db8::/33").contains(ip("2001:db8:8000::"))).isFalse();
    assertThat(IpNetwork.of("192.0.2.0/24").contains(IpNetwork.of("192.0.2.128/25"))).isTrue();
    assertThat(IpNetwork.of("192.0.2.0/24").contains(IpNetwork.of("192.0.2.0/23"))).isFalse();
    assertThat(IpNetwork.of("0.0.0.0/0").contains(IpNetwork.of("2001:db8::/32"))).isFalse();
    assertThat(IpNetwork.of("192.0.2.7").contains(ip("192.0.2.7"))).isTrue();
    assertThat(IpNetwork.of("192.0.2.7").contains(ip("192.0.2.6"))).isFalse();
  }

  @Test
  void theTwoKindsOfAddressesNeverMeet() {
    assertThat(IpNetwork.of("::/0").contains(ip("192.0.2.1"))).isFalse();
    assertThat(IpNetwork.of("0.0.0.0/0").contains(ip("2001:db8::1"))).isFalse();
    assertThat(IpNetwork.of("0.0.0.0/0").contains(ip("::ffff:192.0.2.1"))).isTrue();
  }

  @Test
  void whatIsMappedIntoIpv6IsTheIpv4ItStandsFor() {
    assertThat(IpNetwork.of("::ffff:192.0.2.0/120")).isEqualTo(IpNetwork.of("192.0.2.0/24"));
    assertThat(IpNetwork.of("::ffff:c000:200/120")).isEqualTo(IpNetwork.of("192.0.2.0/24"));
    assertThat(IpNetwork.of("::ffff:0:0/96")).isEqualTo(IpNetwork.of("0.0.0.0/0"));
    assertThat(IpNetwork.of("::ffff:192.0.2.7")).isEqualTo(IpNetwork.of("192.0.2.7"));
    assertThat(IpNetwork.of("::ffff:192.0.2.7/128")).isEqualTo(IpNetwork.of("192.0.2.7"));
    assertRefused("::ffff:192.0.2.1/120", "bits behind its prefix; write 192.0.2.0/24");
    assertRefused("::ffff:192.0.2.0/24", "stands for IPv4, so its prefix has 96 to 128 bits");
    assertRefused("::ffff:192.0.2.0/95", "96 to 128 bits");
    assertRefused("::ffff:192.0.2.0/129", "96 to 128 bits");
    assertThat(IpNetwork.of("::192.0.2.0/120").contains(ip("192.0.2.1"))).isFalse();
  }

  @Test
  void theNetworkOfAnAddress() {
    assertThat(IpNetwork.of(ip("192.0.2.77"), 24)).isEqualTo(IpNetwork.of("192.0.2.0/24"));
    assertThat(IpNetwork.of(ip("192.0.15.77"), 21)).isEqualTo(IpNetwork.of("192.0.8.0/21"));
    assertThat(IpNetwork.of(ip("2001:db8::1"), 0)).isEqualTo(IpNetwork.of("::/0"));
  }

  @Test
  void oneAddressIsToldFromSeveral() {
    assertThat(IpNetwork.of("192.0.2.7").single()).isEqualTo(ip("192.0.2.7"));
    assertThat(IpNetwork.of("2001:db8::1").single()).isEqualTo(ip("2001:db8::1"));
    assertThat(IpNetwork.of("192.0.2.6/31").single()).isNull();
  }

  @Test
  void whatIsNoNetworkIsRefusedWithTheReason() {
    assertRefused("192.0.2.1/24", "bits behind its prefix; write 192.0.2.0/24");
    assertRefused("192.0.2.0/33", "0 to 32 bits");
    assertRefused("192.0.2.0/-1", "0 to 32 bits");
    assertRefused("2001:db8::/129", "0 to 128 bits");
    assertRefused("192.0.2.0/", "no number behind the slash");
    assertRefused("192.0.2.0/x", "no number behind the slash");
    assertRefused("192.0.2.0/24/24", "no number behind the slash");
    assertRefused("mail.example.org", "neither an IP address nor a network");
    assertRefused("", "neither an IP address nor a network");
    assertRefused("/24", "neither an IP address nor a network");
    assertRefused("192.0.2.256", "neither an IP address nor a network");
  }

  @Test
  void anAddressOfWhichOctetsAreMissingIsNoAddress() {
    assertRefused("192.0.2", "neither an IP address nor a network");
    assertRefused("10/8", "neither an IP address nor a network");
    assertRefused("3221225985", "neither an IP address nor a network");
  }

  private static void assertRefused(String text, String why) {
    assertThatThrownBy(() -> IpNetwork.of(text))
        .as(text)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
