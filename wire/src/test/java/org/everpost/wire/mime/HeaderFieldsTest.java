package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeaderFieldsTest {

  private static HeaderFields fields(String header) {
    return HeaderFields.of(header.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> shown(String header) {
    var shown = new ArrayList<String>();
    fields(header).forEach(field -> shown.add(field.toString()));
    return shown;
  }

  @Test
  void inTheirOrder() {
    assertThat(shown("Received: a\r\n\tb\r\nFrom: joe@x\r\nSUBJECT :  Hi \r\n\r\nBody: no\r\n"))
        .containsExactly("Received: a\tb", "From: joe@x", "SUBJECT: Hi");
    assertThat(shown("A: 1\nB:\n 2\n\n")).containsExactly("A: 1", "B: 2");
    assertThat(shown("A: 1\rB:2\r\rC: 3")).containsExactly("A: 1", "B: 2");
    assertThat(shown("A: 1")).containsExactly("A: 1");
    assertThat(shown("")).isEmpty();
    assertThat(shown("\r\nA: 1")).isEmpty();
  }

  @Test
  void whatIsNoFieldHasNoName() {
    assertThat(shown("From joe Mon\r\n >x\r\nA: 1\r\nno field\r\n: x\r\n"))
        .containsExactly(": From joe Mon >x", "A: 1", ": no field", ": : x");
  }

  @Test
  void byName() {
    HeaderFields fields =
        fields("Received: a\r\nreceived: b\r\nFrom: \"J\" <joe@x>\r\nTo: a\r\n\r\n");
    assertThat(fields.count("RECEIVED")).isEqualTo(2);
    assertThat(fields.count("Date")).isZero();
    assertThat(fields.first("Message-ID")).isNull();
    HeaderField from = Objects.requireNonNull(fields.first("from"));
    assertThat(from.addresses()).containsExactly(new EnvelopeAddress("J", "joe", "x"));
    assertThat(new String(from.raw(), StandardCharsets.UTF_8)).isEqualTo("From: \"J\" <joe@x>\r\n");
    assertThat(from.offset()).isEqualTo(26);
    assertThat(from.valueOffset()).isEqualTo(31);
  }

  @Test
  void partOfAnArray() {
    byte[] b = "xxxA: 1\r\nB: 2\r\nyyy".getBytes(StandardCharsets.UTF_8);
    var names = new ArrayList<String>();
    HeaderFields.of(b, 3, 12).forEach(field -> names.add(field.name()));
    assertThat(names).containsExactly("A", "B");
  }

  static Iterable<Path> files() {
    return MimeCorpus.files();
  }

  /** All fields together are the header. */
  @ParameterizedTest
  @MethodSource("files")
  void nothingIsLost(Path file) {
    byte[] message = MimeCorpus.read(file);
    MimePart root = MimeSanity.scan(message);
    byte[] header = Arrays.copyOf(message, (int) root.headerSize());
    var joined = new ByteArrayOutputStream();
    for (HeaderField field : HeaderFields.of(header)) {
      joined.writeBytes(field.raw());
    }
    assertThat(header.length - joined.size()).isBetween(0, 2);
    assertThat(joined.toByteArray()).isEqualTo(Arrays.copyOf(header, joined.size()));
  }
}
