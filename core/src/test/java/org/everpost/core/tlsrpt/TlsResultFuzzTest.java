package org.everpost.core.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.tlsrpt.TlsReport.PolicyResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} this looks for new inputs; otherwise it repeats the known ones. */
@Tag("slow")
class TlsResultFuzzTest {

  private static final DomainName DOMAIN = DomainName.of("peer.test");

  static Stream<byte[]> rows() {
    return Stream.of(
        TlsResultRow.encode(TlsResultsTest.result("peer.test", 3, 2)),
        TlsResultRow.result(TlsResultsTest.DAY, DOMAIN, 1, 2));
  }

  /** A damaged row is one that cannot be read, or another row: nothing worse. */
  @MethodSource("rows")
  @FuzzTest
  void anyRow(byte[] value) {
    try {
      PolicyResult result = TlsResultRow.decode(DOMAIN, value);
      assertThat(TlsResultRow.decode(DOMAIN, TlsResultRow.encode(result))).isEqualTo(result);
    } catch (IllegalStateException e) {
      // As it should be.
    }
    try {
      DomainName _ = TlsResultRow.domain(value);
    } catch (IllegalStateException e) {
      // So should this.
    }
  }
}
