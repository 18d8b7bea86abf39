package org.everpost.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class DirectoryFuzzTest {

  static Stream<byte[]> rows() {
    return Stream.of(StoredRowsTest.ACCOUNT_01, StoredRowsTest.ALIAS_01)
        .map(HexFormat.of()::parseHex);
  }

  /** A damaged row is one that cannot be read, or another row, which can be written again. */
  @MethodSource("rows")
  @FuzzTest
  void anyRow(byte[] value) {
    try {
      AddressRow row = AddressRow.decode(value);
      assertThat(AddressRow.decode(row.encode())).isEqualTo(row);
    } catch (IllegalStateException e) {
      // As it should be.
    }
    try {
      DomainRow row = DomainRow.decode(value);
      assertThat(DomainRow.decode(row.encode())).isEqualTo(row);
    } catch (IllegalStateException e) {
      // As it should be.
    }
    try {
      ListedDomainRow row = ListedDomainRow.decode(value);
      assertThat(ListedDomainRow.decode(row.encode())).isEqualTo(row);
    } catch (IllegalStateException e) {
      // As it should be.
    }
  }

  /** What is wrong with a line is said without the hash. */
  @ValueSource(
      strings = {
        "a@b.test,{SSHA}xyz,5GB",
        "\ufeff\"\"\"a b\"\"@d.test\",\"$6$x,y$z\",0\r\n",
        "j\u00f6rg@b.test,$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
        "a@b.test;{SSHA}xyz,5GB",
        "abJnggxhB/yWI,a@b.test",
        "# comment\n\n,,"
      })
  @FuzzTest
  void anyImport(@NotNull String text) throws IOException {
    BufferedReader reader = new BufferedReader(new StringReader(text));
    long number = 1;
    for (String line = ImportLine.read(reader); line != null; line = ImportLine.read(reader)) {
      if (!ImportLine.isComment(line)) {
        try {
          ImportLine parsed = ImportLine.parse(number, line);
          assertThat(parsed.hash()).isNotEmpty();
        } catch (IllegalArgumentException e) {
          assertThat(e).isNotInstanceOf(NumberFormatException.class);
          assertThat(e.getMessage()).doesNotContain("$argon2id$", "{SSHA}", "abJnggxhB");
        }
      }
      number++;
    }
  }
}
