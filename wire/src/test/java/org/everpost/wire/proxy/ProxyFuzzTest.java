package org.everpost.wire.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code JAZZER_FUZZ=1} this looks for new inputs; otherwise it repeats the known ones. */
@Tag("slow")
class ProxyFuzzTest {

  /** Any octets, given as ISO 8859-1: a header has an address or is local, or it is refused. */
  @ValueSource(
      strings = {
        "\r\n\r\n\0\r\nQUIT\n!\u0011\0\f\u00c0\0\u0002\u0001\u00c63d\u0002\u00124\0\u0019",
        "\r\n\r\n\0\r\nQUIT\n \0\0\0",
        "\r\n\r\n\0\r\nQUIT\n!!\0$0123456789abcdef0123456789abcdef\0\u0019\0\u0019",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
        ""
      })
  @FuzzTest
  void anyHeader(@NotNull String text) {
    byte[] all = text.getBytes(StandardCharsets.ISO_8859_1);
    byte[] start = Arrays.copyOf(all, Math.min(all.length, ProxyHeader.START_OCTETS));
    byte[] rest = Arrays.copyOfRange(all, start.length, all.length);
    try {
      int length = ProxyHeader.restOctets(start);
      assertThat(length).isBetween(0, 2048);
      ProxyHeader header = ProxyHeader.parse(start, rest);
      assertThat(rest).hasSize(length);
      assertThat(header.port()).isBetween(0, 65_535);
      if (header.isLocal()) {
        assertThat(header.source()).isEmpty();
      } else {
        assertThat(header.source()).isEqualTo(Arrays.copyOf(rest, header.source().length));
        assertThat(header.source().length).isIn(4, 16);
      }
    } catch (ProxyHeaderException e) {
      assertThat(e).message().isNotEmpty();
    }
  }
}
