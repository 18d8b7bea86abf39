package org.everpost.testkit.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;

/** The sockets of the stand-in: a UDP and a TCP one with the same port, a thread a query. */
final class StandInSockets {

  private static final int TRIES = 100;
  private static final int BACKLOG = 1_024;
  private static final int PLAIN_DATAGRAM = 512;

  private static final Duration DRIP = Duration.ofMillis(100);

  private final DnsStandIn dns;
  private final DatagramSocket udp;
  private final ServerSocket tcp;

  private StandInSockets(DnsStandIn dns, DatagramSocket udp, ServerSocket tcp) {
    this.dns = dns;
    this.udp = udp;
    this.tcp = tcp;
  }

  static StandInSockets open(DnsStandIn dns, InetAddress address, int port) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      ServerSocket tcp = new ServerSocket(port, BACKLOG, address);
      try {
        DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), address);
        udp.setReceiveBufferSize(1 << 20);
        return new StandInSockets(dns, udp, tcp);
      } catch (BindException e) {
        tcp.close();
      }
    }
    throw new IOException("no port that is free by UDP and by TCP");
  }

  void start() {
    Thread.ofVirtual().name("dns-udp").start(this::receive);
    Thread.ofVirtual().name("dns-tcp").start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) udp.getLocalSocketAddress();
  }

  void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void receive() {
    while (!udp.isClosed()) {
      byte[] buffer = new byte[Message.MAXLENGTH];
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        udp.receive(packet);
      } catch (IOException e) {
        return;
      }
      byte[] octets = Arrays.copyOf(buffer, packet.getLength());
      Thread.ofVirtual()
          .start(() -> {
            for (byte[] reply : replies(octets, false)) {
              try {
                udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
              } catch (IOException e) {
                return; // it was closed meanwhile
              }
            }
          });
    }
  }

  private void accept() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] octets = in.readNBytes(in.readUnsignedShort());
        List<byte[]> replies = replies(octets, true);
        if (replies.isEmpty()) {
          return;
        }
        for (byte[] reply : replies) {
          out.writeShort(reply.length);
          write(out, reply, isDripping(octets));
        }
      }
    } catch (IOException e) {
      // The client went away.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isDripping(byte[] query) throws IOException {
    return dns.fault(new Message(query).getQuestion().getName()) == Fault.TRUNCATED_THEN_DRIPPING;
  }

  private static void write(DataOutputStream out, byte[] reply, boolean dripping)
      throws IOException, InterruptedException {
    if (!dripping) {
      out.write(reply);
      return;
    }
    for (byte octet : reply) {
      Thread.sleep(DRIP);
      out.write(octet);
    }
  }

  /** What is sent for a query. */
  private List<byte[]> replies(byte[] octets, boolean overTcp) {
    try {
      Message query = new Message(octets);
      if (query.getQuestion() == null || query.getHeader().getOpcode() != Opcode.QUERY) {
        return List.of();
      }
      dns.came(query, overTcp);
      dns.pause(query.getQuestion().getName());
      OPTRecord opt = query.getOPT();
      int datagram = opt == null ? PLAIN_DATAGRAM : Math.max(PLAIN_DATAGRAM, opt.getPayloadSize());
      Misbehaviour misbehaviour =
          new Misbehaviour(dns.zones(), query, overTcp, overTcp ? Message.MAXLENGTH : datagram);
      return misbehaviour.replies(dns.fault(query.getQuestion().getName())).stream()
          .map(reply -> dns.changed(query.getQuestion().getName(), reply))
          .toList();
    } catch (IOException e) {
      return List.of(); // not a message
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
