package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.everpost.core.row.Proto;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient.LastAttempt;
import org.everpost.core.spool.SpooledRecipient.State;
import org.everpost.core.time.RandomSource;
import org.everpost.store.BlobId;
import org.everpost.store.Ledger;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.AddressLiteral;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is stored can be read: by this release as the releases before it wrote it. */
class StoredMessageTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final Instant NOON = Instant.ofEpochMilli(1_800_000_000_123L);

  static final SpooledMessage FULL =
      new SpooledMessage(
          new SpoolId(0x0102030405060708L),
          NOON,
          "alice@example.test",
          new Envelope(
              new Path.Address(EmailAddress.of("J\u00f6rg@example.test")),
              Body.BINARY_MIME,
              true,
              TlsDemand.REQUIRED,
              Ret.HDRS,
              "id=1"),
          "X: y\r\n",
          new BlobId(5, -6),
          35,
          123_456_789_012L,
          NOON.plusSeconds(432_000),
          true,
          "by an operator",
          List.of(
              new SpooledRecipient(
                  new Path.Address(EmailAddress.of("b@elsewhere.test")),
                  Set.of(Notify.SUCCESS, Notify.DELAY),
                  "rfc822;b@alias.test",
                  State.FAILED,
                  true,
                  7,
                  NOON.plusSeconds(60),
                  new LastAttempt(
                      NOON.plusSeconds(1),
                      new Reason(EnhancedStatusCode.of("5.1.1"), "no such user", "mx.test"))),
              new SpooledRecipient(
                  new Path.AtLiteral("c", new AddressLiteral("192.0.2.1")),
                  Set.of(Notify.NEVER),
                  null,
                  State.WAITING,
                  false,
                  0,
                  NOON,
                  null)));

  static final SpooledMessage SMALL =
      new SpooledMessage(
          new SpoolId(1),
          NOON,
          "",
          new Envelope(new Path.Null(), Body.SEVEN_BIT, false, TlsDemand.USUAL, null, null),
          "",
          new BlobId(1, 2),
          0,
          1,
          NOON,
          false,
          null,
          List.of(
              SpooledRecipient.fresh(
                  new Path.Address(EmailAddress.of("a@b.test")), Set.of(), null, NOON)));

  private static SpooledMessage again(SpooledMessage message) {
    return MessageRow.decode(MessageRow.key(message.id()), MessageRow.encode(message));
  }

  @Test
  void whatIsWrittenIsRead() {
    assertThat(again(FULL)).isEqualTo(FULL);
    assertThat(again(SMALL)).isEqualTo(SMALL);
    assertThat(MessageRow.blob(MessageRow.encode(FULL))).isEqualTo(FULL.blob());
    assertThat(OwnerRow.decode(OwnerRow.encode(new byte[] {1, 2}))).containsExactly(1, 2);
    RandomSource random = RandomSource.seeded(8);
    for (int i = 0; i < 2_000; i++) {
      SpooledMessage message = random(random);
      assertThat(again(message)).isEqualTo(message);
      assertThat(MessageRow.blob(MessageRow.encode(message))).isEqualTo(message.blob());
    }
  }

  /** Written by 0.1. If this fails, the stored form has changed: keep reading the old one. */
  @Test
  void rowsOfRelease01() {
    assertThat(HEX.formatHex(MessageRow.encode(SMALL))).isEqualTo(SMALL_01);
    assertThat(MessageRow.decode(MessageRow.key(SMALL.id()), HEX.parseHex(SMALL_01)))
        .isEqualTo(SMALL);
    assertThat(MessageRow.decode(MessageRow.key(FULL.id()), HEX.parseHex(FULL_01))).isEqualTo(FULL);
    assertThat(HEX.formatHex(MessageRow.key(FULL.id()))).isEqualTo("020102030405060708");
    assertThat(HEX.formatHex(OwnerRow.key())).isEqualTo("01");
    assertThat(OwnerRow.decode(HEX.parseHex("0a020102"))).containsExactly(1, 2);
  }

  static final String SMALL_01 =
      "08fba0f1c2b13412001a00200128003000500158fba0f1c2b13462100000000000000001"
          + "00000000000000026800780082011c0a0d0a0b0a01611206622e74657374200128003000"
          + "38fba0f1c2b134";
  static final String FULL_01 =
      "08fba0f1c2b1341212616c696365406578616d706c652e746573741a170a150a054ac3b6"
          + "7267120c6578616d706c652e746573742003280130013802420469643d314a06583a2079"
          + "0d0a5094b4e4f4cb0358fbb8f090b33462100000000000000005fffffffffffffffa6801"
          + "720e627920616e206f70657261746f7278238201620a150a130a0162120e656c73657768"
          + "6572652e74657374100410021a137266633832323b6240616c6961732e74657374200328"
          + "01300738dbf5f4c2b13440e3a8f1c2b1344a05352e312e31520c6e6f2073756368207573"
          + "65725a076d782e7465737482011f0a0e1201631a093139322e302e322e31100120012800"
          + "300038fba0f1c2b134";

  @Test
  void fieldsOfALaterReleaseAreSkipped() {
    byte[] later =
        Proto.encode(out -> {
          writeUnknown(out);
          out.writeRawBytes(MessageRow.encode(SMALL));
          Proto.writeMessage(
              out,
              16,
              inner -> {
                writeUnknown(inner);
                Proto.writeMessage(
                    inner,
                    1,
                    path -> {
                      writeUnknown(path);
                      path.writeString(2, "x");
                      path.writeString(3, "192.0.2.7");
                    });
                inner.writeInt32(4, 1);
                inner.writeInt64(7, NOON.toEpochMilli());
                writeUnknown(inner);
              });
          writeUnknown(out);
        });
    SpooledMessage read = MessageRow.decode(MessageRow.key(SMALL.id()), later);
    List<SpooledRecipient> recipients = new ArrayList<>(SMALL.recipients());
    recipients.add(
        SpooledRecipient.fresh(
            new Path.AtLiteral("x", new AddressLiteral("192.0.2.7")), Set.of(), null, NOON));
    assertThat(read.recipients()).isEqualTo(recipients);
    assertThat(MessageRow.blob(later)).isEqualTo(SMALL.blob());
  }

  private static void writeUnknown(CodedOutputStream out) throws IOException {
    out.writeString(99, "later");
    out.writeInt64(100, 5);
    out.writeFixed64(101, 6);
  }

  @Test
  void aDamagedRowIsNotTakenForAnother() {
    byte[] key = MessageRow.key(FULL.id());
    byte[] whole = MessageRow.encode(FULL);
    for (byte[] damaged :
        List.of(new byte[0], new byte[] {9, 9}, Arrays.copyOf(whole, whole.length - 3))) {
      assertThatIllegalStateException().isThrownBy(() -> MessageRow.decode(key, damaged));
    }
    assertThatIllegalStateException().isThrownBy(() -> MessageRow.blob(new byte[0]));
    assertThatIllegalStateException().isThrownBy(() -> OwnerRow.decode(new byte[] {9, 9}));
    byte[] negative = key.clone();
    negative[1] = -1;
    assertThatIllegalStateException().isThrownBy(() -> MessageRow.decode(negative, whole));
  }

  @Test
  void whatPeersSayIsShortenedWhenTheRowWouldBeTooLong() {
    SpooledRecipient talkative =
        SMALL
            .recipients()
            .getFirst()
            .deferred(NOON, Reason.ours("4.0.0", "\u20ac".repeat(900)), NOON);
    SpooledMessage few = with(SMALL, 100, talkative);
    assertThat(again(few)).isEqualTo(few);
    for (int recipients : List.of(400, 3_000)) {
      SpooledMessage many = with(SMALL, recipients, talkative);
      byte[] row = MessageRow.encode(many);
      assertThat(row).hasSizeLessThanOrEqualTo(Ledger.MAX_VALUE_OCTETS);
      SpooledMessage read = again(many);
      assertThat(read.recipients()).hasSize(recipients);
      LastAttempt last = read.recipients().getLast().last();
      assertThat(last).isNotNull();
      assertThat(last.reason().text()).startsWith("\u20ac\u20ac").endsWith("\u2026");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MessageRow.encode(with(SMALL, 30_000, talkative)));
  }

  private static SpooledMessage with(SpooledMessage like, int times, SpooledRecipient recipient) {
    List<SpooledRecipient> recipients = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      recipients.add(recipient);
    }
    return new SpooledMessage(
        like.id(),
        like.accepted(),
        like.sender(),
        like.envelope(),
        like.prefix(),
        like.blob(),
        like.skip(),
        like.size(),
        like.expires(),
        like.delayTold(),
        like.held(),
        recipients);
  }

  @Test
  void aReasonIsNotCutWithinACharacter() {
    for (int before = 990; before < 1_001; before++) {
      String text = "x".repeat(before) + "\ud83d\udce7".repeat(20);
      Reason reason = Reason.ours("4.0.0", text);
      assertThat(reason.text()).hasSizeLessThanOrEqualTo(1_000).endsWith("\u2026");
      assertThat(reason.text().substring(0, reason.text().length() - 1)).isSubstringOf(text);
      assertThat(reason.text().codePoints()).noneMatch(c -> c >= 0xd800 && c < 0xe000);
    }
    assertThat(Reason.ours("4.0.0", "y".repeat(1_000)).text()).hasSize(1_000).endsWith("y");
    assertThat(new Reason(EnhancedStatusCode.of("4.2.1"), "busy", "mx.test"))
        .hasToString("mx.test: 4.2.1 busy");
    assertThat(Reason.ours("4.2.1", "busy")).hasToString("4.2.1 busy");
  }

  @Test
  void aQueueIdIsWrittenAndReadInAnyCase() {
    RandomSource random = RandomSource.seeded(9);
    for (int i = 0; i < 1_000; i++) {
      SpoolId id = SpoolId.of(NOON.plusSeconds(random.nextLong(4_000_000_000L)), random);
      assertThat(SpoolId.of(id.toString())).isEqualTo(id);
      assertThat(SpoolId.of(id.toString().toUpperCase(Locale.ROOT))).isEqualTo(id);
      assertThat(id.toString()).matches("[0-9a-z]{12,13}");
    }
    for (String bad : List.of("", "-1", "+1", "a b", "zzzzzzzzzzzzz", "1".repeat(14), "\u00e4")) {
      assertThatIllegalArgumentException().isThrownBy(() -> SpoolId.of(bad));
    }
  }

  // ---- any message ----

  private static SpooledMessage random(RandomSource random) {
    List<SpooledRecipient> recipients = new ArrayList<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      recipients.add(recipient(random));
    }
    return new SpooledMessage(
        new SpoolId(random.nextLong() >>> 1),
        time(random),
        text(random, 30),
        new Envelope(
            random.nextInt(4) == 0 ? new Path.Null() : path(random),
            one(random, Body.values()),
            random.nextBoolean(),
            one(random, TlsDemand.values()),
            random.nextBoolean() ? one(random, Ret.values()) : null,
            maybe(random, 100),
            random.nextInt(3) == 0 ? EmailAddress.of("j\u00f6rg+x@stranger.test") : null),
        text(random, 200),
        new BlobId(random.nextLong(), random.nextLong()),
        random.nextInt(1_000),
        random.nextLong() >>> 8,
        time(random),
        random.nextBoolean(),
        maybe(random, 50),
        recipients);
  }

  private static SpooledRecipient recipient(RandomSource random) {
    Set<Notify> notifyOn = new HashSet<>();
    for (Notify notify : Notify.values()) {
      if (random.nextInt(3) == 0) {
        notifyOn.add(notify);
      }
    }
    Reason reason =
        new Reason(
            new EnhancedStatusCode(4, random.nextInt(1_000), random.nextInt(1_000)),
            text(random, 300),
            maybe(random, 50));
    return new SpooledRecipient(
        path(random),
        notifyOn,
        maybe(random, 50),
        one(random, State.values()),
        random.nextBoolean(),
        random.nextInt(1_000),
        time(random),
        random.nextBoolean() ? new LastAttempt(time(random), reason) : null);
  }

  private static Path path(RandomSource random) {
    String local = "l" + text(random, 9).replaceAll("\\p{Cntrl}|[\\u2028\\u2029]", "");
    return random.nextInt(3) == 0
        ? new Path.AtLiteral(local, new AddressLiteral("IPv6:2001:db8::" + random.nextInt(10)))
        : new Path.Address(
            new EmailAddress(
                local.replace("@", ""), DomainName.of("d" + random.nextInt(1_000_000) + ".test")));
  }

  private static <T> T one(RandomSource random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  private static Instant time(RandomSource random) {
    return Instant.ofEpochMilli(random.nextLong() >> 16);
  }

  private static @Nullable String maybe(RandomSource random, int most) {
    return random.nextBoolean() ? text(random, most) : null;
  }

  private static String text(RandomSource random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append(
          random.nextInt(5) == 0 ? "\u00e4\u20ac".charAt(i % 2) : (char) random.nextInt(32, 127));
    }
    return text.toString();
  }
}
