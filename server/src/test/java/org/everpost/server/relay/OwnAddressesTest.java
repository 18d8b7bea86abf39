package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.smtp.AddressLiteral;
import org.junit.jupiter.api.Test;

class OwnAddressesTest {

  private static boolean isOurs(String literal, String... listening) {
    List<InetSocketAddress> addresses =
        List.of(listening).stream()
            .map(address -> new InetSocketAddress(InetAddress.ofLiteral(address), 2525))
            .toList();
    return new OwnAddresses(DomainName.of("mx.example.test"), () -> addresses)
        .isOurs(new AddressLiteral(literal));
  }

  /** Whatever the port is: what is addressed to an IP address is for who listens there. */
  @Test
  void whatIsAddressedToAnAddressThatIsListenedOn() {
    assertThat(isOurs("127.0.0.1", "127.0.0.2", "127.0.0.1")).isTrue();
    assertThat(isOurs("127.0.0.3", "127.0.0.2", "127.0.0.1")).isFalse();
    assertThat(isOurs("IPv6:::1", "::1")).isTrue();
    assertThat(isOurs("127.0.0.3", "0.0.0.0")).isTrue();
    assertThat(isOurs("0.0.0.0", "0.0.0.0")).isTrue();
    assertThat(isOurs("192.0.2.1", "0.0.0.0")).isFalse();
    assertThat(isOurs("192.0.2.1")).isFalse();
  }
}
