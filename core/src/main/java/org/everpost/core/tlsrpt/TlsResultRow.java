package org.everpost.core.tlsrpt;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.tlsrpt.TlsReport.Failure;
import org.everpost.wire.tlsrpt.TlsReport.PolicyResult;
import org.everpost.wire.tlsrpt.TlsReport.PolicyType;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;

/**
 * What one process has counted for one policy on one day, and marks beside it. Keys: the day (four
 * octets), then {@code 01}: all is reported; {@code 02 domain}: its results are; {@code 03 domain
 * 00 process number}: results.
 */
final class TlsResultRow {

  static final Partition PARTITION = new Partition(PartitionKind.CLUSTER, "tlsrpt");

  private static final byte FINISHED = 1;
  private static final byte REPORTED = 2;
  private static final byte RESULT = 3;

  /** The value of a row that says all by being there. */
  private static final byte[] THERE = {1};

  private TlsResultRow() {}

  // ---- keys ----

  /** Everything before a day. */
  static KeyRange before(LocalDate day) {
    return new KeyRange(new byte[] {0}, day(day));
  }

  static byte[] finished(LocalDate day) {
    return key(day, FINISHED, "");
  }

  static byte[] reported(LocalDate day, DomainName domain) {
    return key(day, REPORTED, domain.ascii());
  }

  static KeyRange reported(LocalDate day) {
    return KeyRange.prefix(key(day, REPORTED, ""));
  }

  static KeyRange results(LocalDate day) {
    return KeyRange.prefix(key(day, RESULT, ""));
  }

  static KeyRange results(LocalDate day, DomainName domain) {
    return KeyRange.prefix(key(day, RESULT, domain.ascii() + "\0"));
  }

  /** Those of the domains behind one. */
  static KeyRange resultsBehind(LocalDate day, DomainName domain) {
    byte[] from = Objects.requireNonNull(results(day, domain).to());
    return new KeyRange(from, Objects.requireNonNull(results(day).to()));
  }

  static byte[] result(LocalDate day, DomainName domain, long process, int number) {
    byte[] begin = key(day, RESULT, domain.ascii() + "\0");
    return ByteBuffer.allocate(begin.length + 12)
        .put(begin)
        .putLong(process)
        .putInt(number)
        .array();
  }

  /** The domain in the key of a result. */
  static DomainName domain(byte[] resultKey) {
    if (resultKey.length < 5) {
      throw new IllegalStateException("a stored row has no domain");
    }
    int end = 5;
    while (end < resultKey.length && resultKey[end] != 0) {
      end++;
    }
    try {
      byte[] name = Arrays.copyOfRange(resultKey, 5, end);
      return new DomainName(new String(name, StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("a stored row has no domain", e);
    }
  }

  private static byte[] key(LocalDate day, byte kind, String rest) {
    byte[] text = rest.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(5 + text.length).put(day(day)).put(kind).put(text).array();
  }

  private static byte[] day(LocalDate day) {
    return ByteBuffer.allocate(4).putInt(Math.toIntExact(day.toEpochDay())).array();
  }

  // ---- values ----

  static byte[] there() {
    return THERE.clone();
  }

  static byte[] encode(PolicyResult result) {
    return Proto.encode(out -> {
      out.writeString(1, result.type().name());
      for (String line : result.policy()) {
        out.writeString(2, line);
      }
      for (String host : result.mxHosts()) {
        out.writeString(3, host);
      }
      out.writeInt64(4, result.successes());
      out.writeInt64(5, result.failures());
      for (Failure failure : result.details()) {
        Proto.writeMessage(out, 6, field -> writeTo(field, failure));
      }
      out.writeString(7, result.domain().ascii());
    });
  }

  private static void writeTo(CodedOutputStream out, Failure failure) throws IOException {
    out.writeString(1, failure.type().name());
    text(out, 2, failure.sendingIp());
    text(out, 3, failure.receivingHost());
    text(out, 4, failure.receivingIp());
    out.writeInt64(5, failure.sessions());
    text(out, 6, failure.reason());
  }

  private static void text(CodedOutputStream out, int field, @Nullable String text)
      throws IOException {
    if (text != null) {
      out.writeString(field, text);
    }
  }

  /**
   * @param told whose row it is: a policy that does not say whose it is is its own
   */
  static PolicyResult decode(DomainName told, byte[] value) {
    return Proto.decode(value, in -> readFrom(told, in));
  }

  private static PolicyResult readFrom(DomainName told, CodedInputStream in) throws IOException {
    DomainName domain = told;
    PolicyType type = PolicyType.NO_POLICY_FOUND;
    List<String> policy = new ArrayList<>();
    List<String> mxHosts = new ArrayList<>();
    long successes = 0;
    long failures = 0;
    List<Failure> details = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> type = PolicyType.valueOf(in.readString());
        case 2 -> policy.add(in.readString());
        case 3 -> mxHosts.add(in.readString());
        case 4 -> successes = in.readInt64();
        case 5 -> failures = in.readInt64();
        case 6 -> details.add(Proto.readMessage(in, TlsResultRow::failure));
        case 7 -> domain = new DomainName(in.readString());
        default -> in.skipField(tag);
      }
    }
    return new PolicyResult(type, domain, policy, mxHosts, successes, failures, details);
  }

  private static Failure failure(CodedInputStream in) throws IOException {
    ResultType type = ResultType.VALIDATION_FAILURE;
    @Nullable String[] texts = new @Nullable String[4];
    long sessions = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> type = ResultType.valueOf(in.readString());
        case 2 -> texts[0] = in.readString();
        case 3 -> texts[1] = in.readString();
        case 4 -> texts[2] = in.readString();
        case 5 -> sessions = in.readInt64();
        case 6 -> texts[3] = in.readString();
        default -> in.skipField(tag);
      }
    }
    return new Failure(type, texts[0], texts[1], texts[2], sessions, texts[3]);
  }
}
