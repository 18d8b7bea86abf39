package org.everpost.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class PemFuzzTest {

  static Stream<byte[]> files() throws GeneralSecurityException {
    CertifiedKey good = SelfSigned.make("localhost", Instant.EPOCH, new SplittableRandom(1));
    return Stream.of(
            Pem.block("CERTIFICATE", good.certificate().getEncoded())
                + Pem.block("PRIVATE KEY", good.key().getEncoded()),
            "-----BEGIN CERTIFICATE-----END CERTIFICATE-----",
            Pem.block("CERTIFICATE", new byte[] {0x30, 3, 2, 1, 1})
                + Pem.block("PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 0}),
            Pem.block("CERTIFICATE", new byte[9]) + Pem.block("RSA PRIVATE KEY", new byte[9]),
            Pem.block("EC PARAMETERS", new byte[] {6, 1, 1})
                + Pem.block("EC PRIVATE KEY", new byte[] {0x30, 6, 2, 1, 1, 4, 1, 7}))
        .map(s -> s.getBytes(StandardCharsets.US_ASCII));
  }

  /** Any file is a certificate with its key, or it is said what is wrong with it. */
  @MethodSource("files")
  @FuzzTest
  void anyFile(byte[] octets) throws IOException {
    Path file = Files.createTempFile("everpost", ".pem");
    try {
      Files.write(file, octets);
      assertThat(Pem.read(file, file)).isNotNull();
    } catch (CertificateFileException e) {
      assertThat(e.getMessage()).contains(file.toString());
    } finally {
      Files.delete(file);
    }
  }
}
