package org.everpost.core.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.core.dns.DnsFixture.failed;
import static org.everpost.core.dns.DnsFixture.name;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A name server that does not run: the system says so, without a word. */
class NobodyListensTest {

  private final DnsFixture f = new DnsFixture();

  @AfterEach
  void close() {
    f.close();
  }

  @Test
  void whyIsToldInWords() throws IOException {
    InetSocketAddress closed;
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      closed = (InetSocketAddress) socket.getLocalSocketAddress();
    }
    String reason = failed(f.resolver(new NameServer(closed, true)).mx(name("peer.test")));
    assertThat(reason).isNotEmpty().isNotEqualTo("null");
  }
}
