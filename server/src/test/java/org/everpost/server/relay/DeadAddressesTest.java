package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Addresses that did not answer are remembered, but not for ever, and not any number. */
class DeadAddressesTest {

  private final StillClock clock = new StillClock();
  private final DeadAddresses dead = new DeadAddresses(clock, Duration.ofMinutes(10));

  private static InetSocketAddress address(int number) {
    byte[] octets = {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    try {
      return new InetSocketAddress(InetAddress.getByAddress(octets), 25);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void isForgottenInTime() {
    dead.add(address(1));
    clock.advance(Duration.ofMinutes(9));
    assertThat(dead.contains(address(1))).isTrue();
    assertThat(dead.contains(address(2))).isFalse();
    clock.advance(Duration.ofMinutes(1));
    assertThat(dead.contains(address(1))).isFalse();
  }

  @Test
  void isForgottenWhenItAnswers() {
    dead.add(address(1));
    dead.remove(address(1));
    assertThat(dead.contains(address(1))).isFalse();
  }

  @Test
  void theOldestAreForgottenWhenThereAreTooMany() {
    for (int i = 0; i < 20_001; i++) {
      dead.add(address(i));
    }
    assertThat(dead.contains(address(0))).isFalse();
    assertThat(dead.contains(address(1))).isTrue();
    assertThat(dead.contains(address(20_000))).isTrue();
  }
}
