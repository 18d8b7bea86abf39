package org.everpost.store.cassandra.managed;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * Asks a node for its options, as every client does first (CQL binary protocol v4, §4.1.3): who
 * gets an answer will be served.
 */
final class CqlProbe {

  private static final byte[] OPTIONS = {0x04, 0, 0, 0, 0x05, 0, 0, 0, 0};
  private static final int VERSION_RESPONSE = 0x84;
  private static final int SUPPORTED = 0x06;

  private CqlProbe() {}

  static boolean answers(InetSocketAddress node, Duration limit) {
    int millis = Math.toIntExact(limit.toMillis());
    try (Socket socket = new Socket()) {
      socket.connect(node, millis);
      socket.setSoTimeout(millis);
      socket.getOutputStream().write(OPTIONS);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int version = in.readUnsignedByte();
      in.skipNBytes(3);
      return version == VERSION_RESPONSE && in.readUnsignedByte() == SUPPORTED;
    } catch (IOException e) {
      return false;
    }
  }
}
