package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs over its recorded inputs and looks for new ones with {@code JAZZER_FUZZ=1}. */
@Tag("slow")
class MimeFuzzTest {

  static Stream<byte[]> messages() {
    return MimeCorpus.files().stream().map(MimeCorpus::read).filter(m -> m.length < 4_096);
  }

  static Stream<byte[]> fields() {
    return Stream.of(
            "a@b.test, \"q \\\" t\" <@r,@s:c@[IPv6:::1]> (x (y)), g: d@e, =?utf-8?Q?=C3=A4?= <f@g>;",
            "multipart/mixed; boundary=\"a b\"; x*0*=utf-8'en'%C3; x*1*=%A4; y*=iso-8859-1''%E4",
            "attachment; filename=\"=?utf-8?B?w6Q=?=\"; filename*0=a; filename*1=\"b;c\"",
            "<<a>(b:c;,@;\"")
        .map(s -> s.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("messages")
  @FuzzTest
  void scan(byte[] message) throws IOException {
    MimeMutationTest.check(message, new Random(message.length));
  }

  /** What is in a field's body comes out in its parts, and not more than that. */
  @MethodSource("fields")
  @FuzzTest
  void anyField(byte[] body) {
    long octets = 0;
    for (EnvelopeAddress address : AddressList.parse(body, 0, body.length)) {
      octets += length(address.name()) + length(address.mailbox()) + length(address.host());
    }
    assertThat(octets).isLessThanOrEqualTo(body.length);
    octets = 0;
    for (MimePart.Parameter parameter : ContentType.parse(body, 0, body.length).parameters()) {
      octets += length(parameter.name()) + length(parameter.value());
    }
    assertThat(octets).isLessThanOrEqualTo(body.length);
    ContentDisposition.parse(body, 0, body.length);
    assertThat(ContentLanguage.parse(body, 0, body.length).size()).isLessThanOrEqualTo(body.length);
  }

  private static long length(@org.jspecify.annotations.Nullable String text) {
    return text == null ? 0 : text.length();
  }

  @ValueSource(
      strings = {
        "=?utf-8?Q?=C3=A4_?= =?utf-8?B?w6Q=?= =?x?=",
        "=?iso-2022-jp?B?GyRCNEE7ehsoQg==?="
      })
  @FuzzTest
  void anyText(@NotNull String text) {
    assertThat(EncodedWord.decode(text).length()).isLessThanOrEqualTo(2 * text.length());
    // Text that can be mail at all survives: no control characters, no halves of characters.
    String clean =
        new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
            .replaceAll("\\p{Cc}", "");
    assertThat(EncodedWord.decode(EncodedWord.encode(clean))).isEqualTo(clean);
    assertThat(EncodedWord.encode(text)).matches("[ -~]*");
  }

  /** Bodies decode the same however they are read, and do not grow. */
  @ValueSource(strings = {"a=3D=\r\nb =\t\n  \r\n=zz", "YWJj\r\nZA=\u0000=ZQ"})
  @FuzzTest
  void anyBody(@NotNull String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    for (String encoding : new String[] {"base64", "quoted-printable"}) {
      byte[] whole = ContentDecoder.decode(new ByteArrayInputStream(body), encoding).readAllBytes();
      assertThat(whole.length).isLessThanOrEqualTo(body.length);
      InputStream drops = ContentDecoder.decode(new Drops(body), encoding);
      byte[] again = new byte[whole.length];
      for (int i = 0; i < again.length; i++) {
        again[i] = (byte) drops.read();
      }
      assertThat(drops.read()).isEqualTo(-1);
      assertThat(again).isEqualTo(whole);
    }
  }

  /** An octet at a time. */
  private static final class Drops extends ByteArrayInputStream {
    Drops(byte[] octets) {
      super(octets);
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      return super.read(target, offset, Math.min(length, 1));
    }
  }
}
