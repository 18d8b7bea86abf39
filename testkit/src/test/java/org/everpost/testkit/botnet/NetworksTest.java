package org.everpost.testkit.botnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Addresses are spread as asked. */
class NetworksTest {

  private static Stream<InetAddress> all(Networks networks) {
    return IntStream.range(0, networks.size()).mapToObj(networks::address);
  }

  private static long slash(int bits, InetAddress address) {
    byte[] octets = address.getAddress();
    long value = 0;
    for (byte octet : octets) {
      value = (value << 8) | (octet & 0xFF);
    }
    return value >>> (32 - bits);
  }

  private static long most(Networks networks, int bits) {
    return all(networks)
        .collect(Collectors.groupingBy(a -> slash(bits, a), Collectors.counting()))
        .values()
        .stream()
        .mapToLong(Long::longValue)
        .max()
        .orElseThrow();
  }

  @Test
  void noAddressIsThereTwiceAndAllAreOnLoopback() {
    Networks networks = new Networks(16, 20, 3, 4);
    assertThat(all(networks)).doesNotHaveDuplicates().hasSize(5 * 32 * 4 * 3);
    assertThat(all(networks)).allMatch(InetAddress::isLoopbackAddress);
  }

  @Test
  void aNetworkHasSoManyAndNoMore() {
    Networks networks = new Networks(16, 20, 3, 4);
    assertThat(most(networks, 24)).isEqualTo(3);
    assertThat(most(networks, 21)).isEqualTo(3 * 4);
    assertThat(most(Networks.NEWCOMERS, 21)).isEqualTo(1);
  }

  @Test
  void thereIsRoomForTenThousandBots() {
    assertThat(Networks.BOTS.size()).isGreaterThan(10_000);
  }

  @Test
  void botsAndHonestOnesShareNoNetwork() {
    assertThat(
            Stream.of(Networks.BOTS, Networks.NEWCOMERS, Networks.RESIDENTS)
                .flatMap(networks -> all(networks).map(a -> slash(21, a)).distinct()))
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsNoNetworkIsRefused() {
    assertThatThrownBy(() -> new Networks(0, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Networks(1, 1, 255, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Networks(1, 1, 1, 9)).isInstanceOf(IllegalArgumentException.class);
  }
}
