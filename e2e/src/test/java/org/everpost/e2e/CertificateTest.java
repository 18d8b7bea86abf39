package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates come and go while the server runs. */
@Tag("slow")
class CertificateTest {

  @TempDir Path directory;

  private void make(String name, String subject) throws IOException {
    Tool.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=" + subject,
            "-addext",
            "subjectAltName=DNS:" + subject,
            "-keyout",
            directory.resolve(name + ".key").toString(),
            "-out",
            directory.resolve(name + ".pem").toString())
        .run()
        .good();
  }

  private void install(String name) throws IOException {
    for (String end : new String[] {"key", "pem"}) {
      Path fresh = directory.resolve("fresh");
      Files.copy(directory.resolve(name + "." + end), fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.move(fresh, directory.resolve("server." + end), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static String subject(Installation installation, String service) throws IOException {
    try (LineSocket connection = LineSocket.tls(installation.port(service))) {
      connection.line();
      return connection.certificate().getSubjectX500Principal().getName();
    }
  }

  @Test
  void aNewOneIsUsedWithoutARestartAndABrokenOneIsNot() throws IOException {
    make("first", "first.example.test");
    make("second", "second.example.test");
    install("first");
    Installation installation =
        Installation.create(
            "CertificateTest",
            "[tls]",
            "certificate = \"" + directory.resolve("server.pem") + "\"",
            "key = \"" + directory.resolve("server.key") + "\"");
    try (EverpostProcess server = installation.serve();
        LineSocket old = LineSocket.tls(installation.port(Installation.IMAPS))) {
      old.line();
      assertThat(subject(installation, Installation.IMAPS)).isEqualTo("CN=first.example.test");

      install("second");
      Patience.await(
          () -> "the second certificate",
          () ->
              subject(installation, Installation.IMAPS).equals("CN=second.example.test")
                  && subject(installation, Installation.SUBMISSIONS)
                      .equals("CN=second.example.test"));
      old.send("a NOOP");
      assertThat(old.line()).startsWith("a OK");

      Files.writeString(directory.resolve("server.pem"), "-----BEGIN CERTIFICATE-----\nnonsense\n");
      Patience.await(
          () -> "a word in the log about the broken one",
          () -> server.logLines().stream().anyMatch(line -> line.contains("certificate-rejected")));
      assertThat(subject(installation, Installation.POP3S)).isEqualTo("CN=second.example.test");
    } finally {
      installation.delete();
    }
  }
}
