package org.everpost.core.dns;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;

/**
 * Asks one server one question: by UDP, and by TCP if that is not enough (RFC 7766 §5). Each query
 * has an id nobody can guess and a port of its own (RFC 5452 §9.2), and what does not answer it is
 * passed over, not believed and not taken for a failure. Safe for any number of threads.
 */
final class Exchange {

  private static final int MAX_DATAGRAM = 4_096;
  private static final int MAX_STRAYS = 100;

  final LongAdder udpQueries = new LongAdder();
  final LongAdder tcpQueries = new LongAdder();
  final LongAdder strays = new LongAdder();

  private final InetSocketAddress server;
  private final Clock clock;
  private final RandomSource random;

  Exchange(InetSocketAddress server, Clock clock, RandomSource random) {
    this.server = server;
    this.clock = clock;
    this.random = random;
  }

  /**
   * The answer.
   *
   * @param until by the clock's nanoseconds
   * @throws IOException if there is none, or not in time
   */
  Message ask(Name name, int type, long until) throws IOException {
    Message answer = udp(new Question(random.nextInt(1 << 16), name, type), until);
    return answer.getHeader().getFlag(Flags.TC)
        ? tcp(new Question(random.nextInt(1 << 16), name, type), until)
        : answer;
  }

  private Message udp(Question question, long until) throws IOException {
    udpQueries.increment();
    byte[] query = question.wire();
    try (DatagramSocket socket = new DatagramSocket()) {
      // Connected: only this server's datagrams come in, and a refusal is heard of at once.
      socket.connect(server);
      socket.send(new DatagramPacket(query, query.length));
      DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
      for (int i = 0; i <= MAX_STRAYS; i++) {
        socket.setSoTimeout(millisTo(until));
        packet.setLength(MAX_DATAGRAM);
        socket.receive(packet);
        Message answer = question.answer(packet.getData(), packet.getLength());
        if (answer != null) {
          return answer;
        }
        strays.increment();
      }
    }
    throw new IOException("answers to other questions only");
  }

  private Message tcp(Question question, long until) throws IOException {
    tcpQueries.increment();
    byte[] query = question.wire();
    byte[] prefixed = new byte[query.length + 2];
    prefixed[0] = (byte) (query.length >> 8);
    prefixed[1] = (byte) query.length;
    System.arraycopy(query, 0, prefixed, 2, query.length);
    try (Socket socket = new Socket()) {
      socket.connect(server, millisTo(until));
      socket.getOutputStream().write(prefixed);
      byte[] length = read(socket, 2, until);
      byte[] octets = read(socket, (length[0] & 0xff) << 8 | (length[1] & 0xff), until);
      @Nullable Message answer = question.answer(octets, octets.length);
      if (answer == null || answer.getHeader().getFlag(Flags.TC)) {
        throw new IOException("no answer by TCP");
      }
      return answer;
    }
  }

  /** However they drip, they come in time or not at all. */
  private byte[] read(Socket socket, int count, long until) throws IOException {
    byte[] octets = new byte[count];
    InputStream in = socket.getInputStream();
    int have = 0;
    while (have < count) {
      socket.setSoTimeout(millisTo(until));
      int more = in.read(octets, have, count - have);
      if (more < 0) {
        throw new EOFException("closed");
      }
      have += more;
    }
    return octets;
  }

  private int millisTo(long until) throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(until - clock.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }
}
