package org.everpost.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The stand-in says what it was told, asked with sockets and the library alone. */
class DnsStandInTest {

  private static final int PATIENCE_MILLIS = 20_000;

  private final DnsStandIn dns = DnsStandIn.start();

  @AfterEach
  void close() {
    dns.close();
  }

  private static Message query(String name, int type) {
    Record question = Record.newRecord(Name.fromConstantString(name + "."), type, DClass.IN);
    Message query = Message.newQuery(question);
    query.getHeader().setFlag(Flags.AD);
    return query;
  }

  private Message udp(String name, int type) throws IOException {
    return new Message(udp(query(name, type), PATIENCE_MILLIS));
  }

  private byte[] udp(Message query, int millis) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(dns.address());
      socket.setSoTimeout(millis);
      byte[] octets = query.toWire();
      socket.send(new DatagramPacket(octets, octets.length));
      DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
      socket.receive(packet);
      return Arrays.copyOf(packet.getData(), packet.getLength());
    }
  }

  private Message tcp(String name, int type) throws IOException {
    try (Socket socket = new Socket(dns.address().getAddress(), dns.address().getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      byte[] octets = query(name, type).toWire();
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(octets.length);
      out.write(octets);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      return new Message(in.readNBytes(in.readUnsignedShort()));
    }
  }

  @Test
  void whatItWasToldItSaysByUdpAndByTcp() throws IOException {
    dns.mx("example.test", 10, "mx.example.test").a("mx.example.test", "192.0.2.1", "192.0.2.2");
    assertThat(udp("example.test", Type.MX).getSection(Section.ANSWER)).hasSize(1);
    assertThat(tcp("mx.example.test", Type.A).getSection(Section.ANSWER)).hasSize(2);
    assertThat(dns.queries()).extracting(DnsStandIn.Query::tcp).containsExactly(false, true);
    assertThat(dns.count("EXAMPLE.test", "MX")).isEqualTo(1);
  }

  @Test
  void aZoneIsReadFromText() throws IOException {
    dns.zone(
        "example.test",
        """
        @        300 IN SOA ns hostmaster 1 7200 3600 1209600 77
        @            IN MX 10 mx
        mx           IN A 192.0.2.1
        """);
    assertThat(udp("mx.example.test", Type.A).getSection(Section.ANSWER)).hasSize(1);
    Message denial = udp("absent.example.test", Type.A);
    assertThat(denial.getRcode()).isEqualTo(Rcode.NXDOMAIN);
    SOARecord soa = (SOARecord) denial.getSection(Section.AUTHORITY).getFirst();
    assertThat(soa.getName()).hasToString("example.test.");
    assertThat(soa.getMinimum()).isEqualTo(77);
  }

  @Test
  void whatIsThereIsDeniedByTypeAndWhatIsNotByName() throws IOException {
    dns.a("a.b.example.test", "192.0.2.1");
    assertThat(udp("a.b.example.test", Type.MX).getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(udp("b.example.test", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(udp("c.example.test", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void aliasesAreFollowedAndVouchedForOnlyTogether() throws IOException {
    dns.cname("www.example.test", "host.example.test").a("host.example.test", "192.0.2.1");
    dns.secure("example.test").cname("out.example.test", "host.elsewhere.test");
    dns.a("host.elsewhere.test", "192.0.2.2");
    Message inside = udp("www.example.test", Type.A);
    assertThat(inside.getSection(Section.ANSWER)).hasSize(2);
    assertThat(inside.getHeader().getFlag(Flags.AD)).isTrue();
    assertThat(udp("out.example.test", Type.A).getHeader().getFlag(Flags.AD)).isFalse();
  }

  @Test
  void whatIsTooLargeForADatagramIsCutAndMarked() throws IOException {
    dns.txt("large.test", "x".repeat(2_000));
    Message cut = udp("large.test", Type.TXT);
    assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(tcp("large.test", Type.TXT).getSection(Section.ANSWER)).hasSize(1);
  }

  @Test
  void itMisbehavesAsAskedAndHeals() throws IOException {
    dns.a("host.test", "192.0.2.1").fault("test", Fault.SERVFAIL);
    assertThat(udp("host.test", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    dns.fault("test", Fault.WRONG_ID);
    Message query = query("host.test", Type.A);
    Message answer = new Message(udp(query, PATIENCE_MILLIS));
    assertThat(answer.getHeader().getID()).isNotEqualTo(query.getHeader().getID());
    dns.fault("test", Fault.CUT_OFF);
    byte[] cut = udp(query("host.test", Type.A), PATIENCE_MILLIS);
    assertThatThrownBy(() -> new Message(cut)).isInstanceOf(IOException.class);
    dns.fault("test", Fault.SILENT);
    assertThatThrownBy(() -> udp(query("host.test", Type.A), 50))
        .isInstanceOf(SocketTimeoutException.class);
    dns.fault("test", Fault.TRUNCATED_WITHOUT_TCP);
    assertThatThrownBy(() -> tcp("host.test", Type.A)).isInstanceOf(EOFException.class);
    dns.heal("test");
    assertThat(udp("host.test", Type.A).getSection(Section.ANSWER)).hasSize(1);
  }

  @Test
  void anAnswerIsHeldUntilItIsReleased() throws Exception {
    dns.a("host.test", "192.0.2.1").hold("host.test");
    Thread asking =
        Thread.ofVirtual()
            .start(() -> {
              try {
                udp("host.test", Type.A);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    dns.awaitQueries(1);
    assertThat(asking.join(Duration.ofMillis(50))).isFalse();
    dns.release("host.test");
    assertThat(asking.join(Duration.ofMillis(PATIENCE_MILLIS))).isTrue();
  }
}
