package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.everpost.server.relay.OutgoingMessage.Recipient;
import org.everpost.server.relay.RecipientResult.Abandoned;
import org.everpost.server.relay.RecipientResult.Refused;
import org.everpost.server.relay.RecipientResult.Relayed;
import org.everpost.testkit.smtp.ScriptedPeer;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimAlgorithm;
import org.everpost.wire.dkim.DkimKey;
import org.everpost.wire.dkim.DkimKeyRecord;
import org.everpost.wire.dkim.DkimSigning;
import org.everpost.wire.dkim.DkimVerification;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A signature is of what is sent (RFC 6376 §5.3). */
class SignedMailTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private static final String EIGHT_BIT =
      """
      From: me@example.test
      Subject: x
      MIME-Version: 1.0
      Content-Type: text/plain; charset=iso-8859-1
      Content-Transfer-Encoding: 8bit

      Many gr\u00fc\u00dfe  to all of you\s\s
      .

      and a line that ends in space\s

      """
          .replace("\n", "\r\n");

  private static final String BINARY =
      "From: me@example.test\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
          + "Content-Transfer-Encoding: binary\r\n\r\n\0\n.\r\n.\r\n\u00ff";

  private final KeyPair pair = pair();

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private String sign(OutgoingMessage.Writer sent) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    sent.writeTo(octets);
    DkimSigning signing =
        new DkimSigning(
            List.of(
                new DkimKey(
                    DomainName.of("example.test"),
                    DomainName.of("s"),
                    DkimAlgorithm.ED25519_SHA256,
                    pair.getPrivate())));
    signing.feed(octets.toByteArray(), 0, octets.size());
    return String.join("", signing.sign(NOW, null));
  }

  private OutgoingMessage message(
      String text, Body body, OutgoingMessage.Signatures signatures, String... recipients) {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    return new OutgoingMessage(
        RelayHouse.path("me@example.test"),
        Arrays.stream(recipients)
            .map(r -> new Recipient(RelayHouse.path(r), Set.of(), null))
            .toList(),
        octets.length,
        body,
        false,
        false,
        null,
        null,
        () -> new ByteArrayInputStream(octets),
        signatures);
  }

  private boolean verifies(String received) {
    byte[] octets = received.getBytes(StandardCharsets.ISO_8859_1);
    DkimVerification verification = new DkimVerification();
    verification.feed(octets, 0, octets.length);
    List<DkimVerification.Candidate> candidates = verification.finish();
    assertThat(candidates).hasSize(1);
    String record = DkimKeyRecord.render(DkimAlgorithm.ED25519_SHA256, pair.getPublic());
    return DkimVerification.verify(candidates.getFirst(), List.of(record), NOW)
        .verdict()
        .name()
        .equals("PASS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SIZE 100000", "8BITMIME SIZE", "8BITMIME CHUNKING BINARYMIME SIZE"})
  void whateverThePeerTakes(String extensions) {
    for (String text : List.of(EIGHT_BIT, BINARY)) {
      Body body = text.equals(BINARY) ? Body.BINARY_MIME : Body.EIGHT_BIT_MIME;
      ScriptedPeer peer = new ScriptedPeer(extensions.split("(?<=[A-Z]) (?=[A-Z])", -1));
      try (RelayHouse house = RelayHouse.with(peer)) {
        assertThat(house.send(message(text, body, this::sign, "a@there.test")))
            .allMatch(Relayed.class::isInstance);
        String received = peer.messages().getFirst();
        assertThat(received).startsWith("DKIM-Signature: ");
        assertThat(verifies(received)).as(received).isTrue();
        assertThat(verifies(received + "more\r\n")).isFalse();
        boolean converted = !received.endsWith(text);
        assertThat(converted)
            .isEqualTo(!extensions.contains(body == Body.BINARY_MIME ? "BINARYMIME" : "8BITMIME"));
        assertThat(peer.commands().toString())
            .contains(
                received.chars().anyMatch(c -> c > 127) ? "BODY=" : "SIZE=" + received.length());
      }
    }
  }

  @Test
  void theSignatureCountsForTheSize() {
    OutgoingMessage message = message(EIGHT_BIT, Body.EIGHT_BIT_MIME, this::sign, "a@there.test");
    try (RelayHouse house =
        RelayHouse.with(new ScriptedPeer("8BITMIME", "SIZE " + (EIGHT_BIT.length() + 100)))) {
      RecipientResult result = house.send(message).getFirst();
      assertThat(result).isInstanceOf(Refused.class);
      assertThat(result.reason().status()).hasToString("5.3.4");
    }
  }

  @Test
  void oneSignatureServesAllTransactionsOfAMessage() {
    int[] count = {0};
    OutgoingMessage message =
        message(
            EIGHT_BIT,
            Body.EIGHT_BIT_MIME,
            sent -> {
              count[0]++;
              return sign(sent);
            },
            "a@there.test",
            "b@there.test",
            "c@there.test");
    ScriptedPeer peer = new ScriptedPeer("LIMITS RCPTMAX=1");
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertThat(house.send(message)).allMatch(Relayed.class::isInstance);
      assertThat(peer.messages()).hasSize(3).allMatch(this::verifies);
      assertThat(count[0]).isEqualTo(1);
    }
  }

  @Test
  void whatCannotBeSignedNowIsTriedAgain() {
    ScriptedPeer peer = new ScriptedPeer("8BITMIME");
    OutgoingMessage.Signatures broken =
        _ -> {
          throw new IOException("as a test wants it");
        };
    try (RelayHouse house = RelayHouse.with(peer)) {
      assertThat(house.send(message(EIGHT_BIT, Body.EIGHT_BIT_MIME, broken, "a@there.test")))
          .allMatch(Abandoned.class::isInstance);
      assertThat(peer.commands().toString()).doesNotContain("MAIL FROM");
    }
  }
}
