package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.config.RelayConfig.Tls;
import org.everpost.server.relay.RecipientResult;
import org.everpost.server.relay.RecipientResult.Deferred;
import org.everpost.server.relay.RecipientResult.Refused;
import org.everpost.server.relay.RecipientResult.Relayed;
import org.everpost.server.relay.RelayConnection;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Debian's Postfix takes our mail, and does not where it must not. */
@Tag("slow")
class RelayToPostfixTest {

  private static final String[] TLS = {
    "smtpd_tls_security_level = may",
    "smtpd_tls_chain_files = FILES/good.key, FILES/good.pem, FILES/ca.pem",
  };

  @TempDir static Path files;

  @BeforeAll
  static void makeCertificates() throws IOException {
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ca");
    certificate("good", RelayBench.HOST, 2);
    certificate("other", "other.test", 2);
    certificate("expired", RelayBench.HOST, -1);
  }

  private static void certificate(String name, String host, int days) throws IOException {
    openssl(
        "req -newkey rsa:2048 -nodes -keyout %s.key -out %s.csr -subj /CN=x".formatted(name, name));
    Files.writeString(files.resolve(name + ".ext"), "subjectAltName=DNS:" + host + "\n");
    openssl(
        "x509 -req -in %s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out %s.pem -extfile %s.ext -days %d"
            .formatted(name, name, name, days));
  }

  private static void openssl(String arguments) {
    List<String> words = new ArrayList<>(List.of("openssl"));
    words.addAll(List.of(arguments.split(" ", -1)));
    Tool.of(words).in(files).run().good();
  }

  private static X509Certificate certificate(String name) {
    try (InputStream in = Files.newInputStream(files.resolve(name + ".pem"))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Authorities authority() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("ca", certificate("ca"));
      return Authorities.of(store);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RelayBench bench(Postfix postfix, Tls tls) {
    return new RelayBench(postfix.port(), tls, authority());
  }

  private static void assertRelayed(RecipientResult result) {
    assertThat(result).isInstanceOf(Relayed.class);
    assertThat(result.reason().text()).contains("queued as");
  }

  private static void assertResult(RecipientResult result, Class<?> kind, String status) {
    assertThat(result).isInstanceOf(kind);
    assertThat(result.reason().status()).as(result.toString()).hasToString(status);
  }

  @Test
  void messagesArriveAsTheyAre() {
    try (Postfix postfix = new Postfix(files);
        RelayBench bench = bench(postfix, Tls.OPPORTUNISTIC);
        RelayConnection connection = bench.session()) {
      for (int i = 0; i < 3; i++) {
        List<RecipientResult> results =
            connection.send(RelayBench.message("number " + i, "a@there.test", "b@elsewhere.test"));
        assertRelayed(results.getFirst());
        assertThat(((Relayed) results.getFirst()).dsnPassedOn()).isTrue();
        assertResult(results.get(1), Refused.class, "5.7.1");
        assertThat(postfix.received("number " + i)).endsWith("\n\n.dots\n..\n");
      }
      assertRelayed(
          connection
              .send(RelayBench.message("eight", "Grüße\r\n", Body.EIGHT_BIT_MIME, "ü@there.test"))
              .getFirst());
      assertThat(postfix.received("eight")).endsWith("\n\nGrüße\n");
    }
  }

  @Test
  void aPostfixWithoutExtensionsGetsWhatItCanTake() {
    try (Postfix postfix =
            new Postfix(
                files, "smtpd_discard_ehlo_keywords = pipelining, 8bitmime, dsn, chunking");
        RelayBench bench = bench(postfix, Tls.OPPORTUNISTIC);
        RelayConnection connection = bench.session()) {
      RecipientResult result =
          connection
              .send(
                  RelayBench.message(
                      "poor",
                      "Grüße an alle, die hier sind\r\n",
                      Body.EIGHT_BIT_MIME,
                      "a@there.test"))
              .getFirst();
      assertRelayed(result);
      assertThat(((Relayed) result).dsnPassedOn()).isFalse();
      assertThat(postfix.received("poor")).contains("quoted-printable", "Gr=C3=BC=C3=9Fe");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "helo", "sender", "recipient", "data", "end_of_data"})
  void laterIsLaterAtEveryStage(String stage) {
    String restriction = "smtpd_" + stage + "_restrictions = defer";
    try (Postfix postfix = new Postfix(files, restriction);
        RelayBench bench = bench(postfix, Tls.OPPORTUNISTIC)) {
      assertResult(bench.send("later", "a@there.test"), Deferred.class, "4.3.2");
    }
  }

  @Test
  void tooLargeIsKnownBeforehand() {
    try (Postfix postfix = new Postfix(files, "message_size_limit = 5000");
        RelayBench bench = bench(postfix, Tls.OPPORTUNISTIC);
        RelayConnection connection = bench.session()) {
      assertResult(
          connection
              .send(RelayBench.message("x", "y".repeat(8000), Body.SEVEN_BIT, "a@there.test"))
              .getFirst(),
          Refused.class,
          "5.3.4");
      assertRelayed(connection.send(RelayBench.message("x", "a@there.test")).getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"good", "other", "expired"})
  void anyCertificateIsGoodEnoughForNobodyInParticular(String name) {
    String chain = "smtpd_tls_chain_files = FILES/%s.key, FILES/%s.pem".formatted(name, name);
    try (Postfix postfix = new Postfix(files, TLS[0], chain, "smtpd_tls_received_header = yes");
        RelayBench bench = bench(postfix, Tls.OPPORTUNISTIC)) {
      assertRelayed(bench.send("any", "a@there.test"));
      assertThat(postfix.received("any")).contains("using TLSv1.3");
    }
    try (Postfix postfix = new Postfix(files, TLS[0], chain);
        RelayBench bench = bench(postfix, Tls.VERIFIED)) {
      RecipientResult result = bench.send("verified", "a@there.test");
      if (name.equals("good")) {
        assertRelayed(result);
      } else {
        assertResult(result, Deferred.class, "4.7.5");
      }
    }
  }

  @Test
  void whereTlsDoesNotWorkItGoesWithout() {
    try (Postfix postfix =
            new Postfix(
                files,
                TLS[0],
                TLS[1],
                "smtpd_tls_mandatory_protocols = TLSv1",
                "smtpd_tls_protocols = TLSv1");
        RelayBench bench = bench(postfix, Tls.OPPORTUNISTIC);
        RelayBench strict = bench(postfix, Tls.REQUIRED)) {
      assertRelayed(bench.send("old", "a@there.test"));
      assertThat(postfix.received("old")).doesNotContain("using TLS");
      assertResult(strict.send("old", "a@there.test"), Deferred.class, "4.7.5");
    }
  }

  @Test
  void whereThereIsNoTlsItGoesWithoutUnlessItMust() {
    try (Postfix postfix = new Postfix(files);
        RelayBench strict = bench(postfix, Tls.REQUIRED)) {
      assertResult(strict.send("plain", "a@there.test"), Deferred.class, "4.7.4");
    }
  }

  @Test
  void daneBelievesDnsAndNothingElse() throws GeneralSecurityException {
    try (Postfix postfix = new Postfix(files, TLS)) {
      byte[] good = sha256(certificate("good").getPublicKey().getEncoded());
      byte[] authority = sha256(certificate("ca").getEncoded());
      byte[] other = sha256(certificate("other").getPublicKey().getEncoded());
      dane(postfix, "good", 3, 1, good);
      dane(postfix, "authority", 2, 0, authority);
      try (RelayBench bench = bench(postfix, Tls.OPPORTUNISTIC)) {
        bench.dns().tlsa("_" + postfix.port() + "._tcp." + RelayBench.HOST, 3, 1, 1, other);
        assertResult(bench.send("bad", "a@there.test"), Deferred.class, "4.7.5");
      }
    }
  }

  @Test
  void mtaStsWantsAGoodCertificate() {
    for (String name : List.of("good", "other")) {
      String chain = "smtpd_tls_chain_files = FILES/%s.key, FILES/%s.pem".formatted(name, name);
      try (Postfix postfix = new Postfix(files, TLS[0], chain);
          RelayBench bench = bench(postfix, Tls.OPPORTUNISTIC)) {
        bench.dns().txt("_mta-sts.there.test", "v=STSv1; id=1;");
        bench.policy("version: STSv1\nmode: enforce\nmx: *.there.test\nmax_age: 86400\n");
        RecipientResult result = bench.send("sts", "a@there.test");
        if (name.equals("good")) {
          assertRelayed(result);
        } else {
          assertResult(result, Deferred.class, "4.7.5");
        }
      }
    }
  }

  private static void dane(Postfix postfix, String subject, int usage, int selector, byte[] data) {
    try (RelayBench bench = bench(postfix, Tls.OPPORTUNISTIC)) {
      bench.dns().tlsa("_" + postfix.port() + "._tcp." + RelayBench.HOST, usage, selector, 1, data);
      assertRelayed(bench.send(subject, "a@there.test"));
      assertThat(postfix.received(subject)).contains("Subject: " + subject);
    }
  }

  private static byte[] sha256(byte[] octets) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(octets);
  }
}
