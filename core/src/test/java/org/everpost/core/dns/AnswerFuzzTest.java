package org.everpost.core.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** With {@code JAZZER_FUZZ=1} this looks for new inputs; otherwise it repeats the known ones. */
@Tag("slow")
class AnswerFuzzTest {

  private static final Name NAME = Name.fromConstantString("host.example.test.");
  private static final Name OTHER = Name.fromConstantString("other.example.test.");
  private static final int ID = 0x1234;
  private static final DnsSettings SETTINGS =
      DnsSettings.usual(
          List.of(
              new NameServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53), true)));

  private static final List<RecordKind<?>> KINDS =
      List.of(
          RecordKind.MX,
          RecordKind.A,
          RecordKind.AAAA,
          RecordKind.TXT,
          RecordKind.SRV,
          RecordKind.TLSA,
          RecordKind.PTR);

  /** One answer to a question of each type, and denials and failures. */
  static Stream<byte[]> answers() {
    InetAddress v4 = InetAddress.ofLiteral("192.0.2.1");
    InetAddress v6 = InetAddress.ofLiteral("2001:db8::1");
    Record soa = new SOARecord(OTHER, DClass.IN, 60, OTHER, OTHER, 1, 2, 3, 4, 5);
    Record zone =
        new SOARecord(
            Name.fromConstantString("example.test."), DClass.IN, 60, OTHER, OTHER, 1, 2, 3, 4, 5);
    Record alias = new CNAMERecord(NAME, DClass.IN, 300, OTHER);
    return Stream.of(
        answer(Type.MX, Rcode.NOERROR, Section.ANSWER, new MXRecord(NAME, DClass.IN, 9, 1, OTHER)),
        answer(Type.A, Rcode.NOERROR, Section.ANSWER, alias, new ARecord(OTHER, DClass.IN, 9, v4)),
        answer(
            Type.SRV,
            Rcode.NOERROR,
            Section.ANSWER,
            new SRVRecord(NAME, DClass.IN, 9, 0, 1, 993, OTHER)),
        answer(Type.AAAA, Rcode.NOERROR, Section.ANSWER, new AAAARecord(NAME, DClass.IN, 9, v6)),
        answer(
            Type.TXT,
            Rcode.NOERROR,
            Section.ANSWER,
            new TXTRecord(NAME, DClass.IN, 9, List.of("v=spf1", " -all"))),
        answer(
            Type.TLSA,
            Rcode.NOERROR,
            Section.ANSWER,
            new TLSARecord(NAME, DClass.IN, 9, 3, 1, 1, new byte[32])),
        answer(Type.PTR, Rcode.NOERROR, Section.ANSWER, new PTRRecord(NAME, DClass.IN, 9, OTHER)),
        answer(Type.MX, Rcode.NXDOMAIN, Section.AUTHORITY, zone),
        answer(Type.MX, Rcode.NOERROR, Section.AUTHORITY, soa),
        answer(Type.A, Rcode.NOERROR, Section.ANSWER, alias),
        answer(Type.A, Rcode.NOERROR, Section.AUTHORITY, new NSRecord(NAME, DClass.IN, 9, OTHER)),
        answer(
            Type.A,
            Rcode.SERVFAIL,
            Section.ADDITIONAL,
            new OPTRecord(
                1_232,
                0,
                0,
                0,
                new ExtendedErrorCodeOption(ExtendedErrorCodeOption.DNSSEC_BOGUS, "text"))));
  }

  private static byte[] answer(int type, int rcode, int section, Record... records) {
    Message message = new Message(ID);
    message.getHeader().setFlag(Flags.QR);
    message.getHeader().setRcode(rcode);
    message.addRecord(Record.newRecord(NAME, type, DClass.IN), Section.QUESTION);
    for (Record record : records) {
      message.addRecord(record, section);
    }
    return message.toWire();
  }

  /** Reads them as the answer to each question they could be one to; whether they are to any. */
  static boolean read(byte[] octets) {
    boolean any = false;
    for (RecordKind<?> kind : KINDS) {
      any |= read(octets, kind);
    }
    return any;
  }

  private static <T> boolean read(byte[] octets, RecordKind<T> kind) {
    Message answer = new Question(ID, NAME, kind.type()).answer(octets, octets.length);
    if (answer == null) {
      return false;
    }
    switch (new AnswerReader<>(kind, SETTINGS).read(answer, NAME)) {
      case Reading.Found<T>(var records, var name, long ttl) -> {
        assertThat(records).isNotEmpty().hasSizeLessThanOrEqualTo(SETTINGS.maxRecords());
        assertThat(name.ascii()).isNotEmpty();
        assertThat(ttl).isBetween(0L, (long) Integer.MAX_VALUE);
      }
      case Reading.None<T>(_, _, long ttl) ->
          assertThat(ttl).isBetween(0L, (long) Integer.MAX_VALUE);
      case Reading.Alias<T>(Name target, long ttl) -> {
        assertThat(target).isNotEqualTo(NAME);
        assertThat(ttl).isBetween(0L, (long) Integer.MAX_VALUE);
      }
      case Reading.Broken<T>(String reason) -> assertThat(reason).isNotEmpty();
    }
    return true;
  }

  /** Any octets are the answer to a question, or they are not. */
  @MethodSource("answers")
  @FuzzTest
  void anyAnswer(byte[] octets) {
    read(octets);
  }
}
