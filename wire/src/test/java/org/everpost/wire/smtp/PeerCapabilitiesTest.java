package org.everpost.wire.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.everpost.wire.smtp.PeerCapabilities.Extension;
import org.everpost.wire.smtp.PeerCapabilities.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerCapabilitiesTest {

  private static PeerCapabilities offered(String... lines) {
    List<String> all = new ArrayList<>(List.of("mx.example.test Hello"));
    all.addAll(List.of(lines));
    return PeerCapabilities.of(new PeerReply(250, null, all, true));
  }

  @Test
  void everything() {
    PeerCapabilities all =
        offered(
            "PIPELINING",
            "SIZE 52428800",
            "8BITMIME",
            "BINARYMIME",
            "CHUNKING",
            "SMTPUTF8",
            "DSN",
            "STARTTLS",
            "AUTH PLAIN LOGIN SCRAM-SHA-256-PLUS",
            "ENHANCEDSTATUSCODES",
            "REQUIRETLS",
            "LIMITS RCPTMAX=20 MAILMAX=5 RCPTDOMAINMAX=1",
            "HELP",
            "ETRN",
            "XCLIENT NAME ADDR");
    assertThat(all.extensions()).containsExactlyInAnyOrder(Extension.values());
    assertThat(all.maxSize()).isEqualTo(52_428_800);
    assertThat(all.authMechanisms())
        .containsExactlyInAnyOrder("PLAIN", "LOGIN", "SCRAM-SHA-256-PLUS");
    assertThat(all.limits()).isEqualTo(new Limits(5, 20, 1));
  }

  @Test
  void nothing() {
    assertThat(offered()).isEqualTo(PeerCapabilities.NONE);
    // The first line is a name and a greeting, whatever it says.
    assertThat(PeerCapabilities.of(new PeerReply(250, null, List.of("PIPELINING"), true)))
        .isEqualTo(PeerCapabilities.NONE);
    assertThat(offered("", " ", "PIPELINING2", "XSIZE 12", "STARTTLS="))
        .isEqualTo(PeerCapabilities.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "SIZE 100, 100",
    "size  100 , 100",
    "SIZE 9223372036854775807, 9223372036854775807",
    "SIZE, 9223372036854775807",
    "SIZE 0, 9223372036854775807",
    "SIZE -1, 9223372036854775807",
    "SIZE 10M, 9223372036854775807",
    "SIZE 99999999999999999999999, 9223372036854775807"
  })
  void size(String line, long maxSize) {
    PeerCapabilities peer = offered(line);
    assertThat(peer.offers(Extension.SIZE)).isTrue();
    assertThat(peer.maxSize()).isEqualTo(maxSize);
  }

  @Test
  void authInItsOldForm() {
    assertThat(offered("AUTH=LOGIN plain", "auth login CRAM-MD5 ((( ").authMechanisms())
        .containsExactlyInAnyOrder("LOGIN", "PLAIN", "CRAM-MD5");
    assertThat(offered("AUTH").authMechanisms()).isEmpty();
  }

  /** RFC 3030 §3: what cannot be sent by DATA. */
  @Test
  void binaryNeedsChunking() {
    assertThat(offered("BINARYMIME").extensions()).isEmpty();
  }

  @Test
  void limitsThatMakeNoSenseAreIgnored() {
    assertThat(offered("LIMITS").limits()).isEqualTo(Limits.NONE);
    assertThat(offered("LIMITS RCPTMAX MAILMAX=0 RCPTDOMAINMAX=x FOO=3 =4 =").limits())
        .isEqualTo(Limits.NONE);
    assertThat(offered("LIMITS RCPTMAX=99999999999 rcptdomainmax=7").limits())
        .isEqualTo(new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, 7));
  }
}
