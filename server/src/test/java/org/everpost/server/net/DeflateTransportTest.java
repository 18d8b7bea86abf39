package org.everpost.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.everpost.core.time.Clock;
import org.junit.jupiter.api.Test;

class DeflateTransportTest {

  /** Where octets go that nobody answers. */
  private static final class Sink implements Transport {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Override
    public int read(byte[] target, int offset, int length, long timeoutNanos) {
      return -1;
    }

    @Override
    public void await(long timeoutNanos) {}

    @Override
    public boolean computes() {
      return false;
    }

    @Override
    public boolean hasInput() {
      return false;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      written.write(source, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void finish() {}

    @Override
    public void release() {}
  }

  /** So nothing has to be kept between them. */
  @Test
  void whatIsFlushedDependsOnNothingThatWasBefore() throws IOException {
    Sink sink = new Sink();
    DeflateTransport transport = new DeflateTransport(sink, new byte[0], Clock.system());
    byte[] reply =
        "* OK the same again and again and again\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] first = null;
    for (int i = 0; i < 3; i++) {
      int before = sink.written.size();
      transport.write(reply, 0, 10);
      transport.write(reply, 10, reply.length - 10);
      transport.flush();
      transport.flush();
      byte[] all = sink.written.toByteArray();
      byte[] flushed = Arrays.copyOfRange(all, before, all.length);
      first = first == null ? flushed : first;
      assertThat(flushed).isEqualTo(first);
    }
    transport.release();
    try (InflaterInputStream plain =
        new InflaterInputStream(
            new ByteArrayInputStream(sink.written.toByteArray()), new Inflater(true))) {
      for (int i = 0; i < 3; i++) {
        assertThat(plain.readNBytes(reply.length)).isEqualTo(reply);
      }
    }
  }
}
