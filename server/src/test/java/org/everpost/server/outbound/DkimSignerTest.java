package org.everpost.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.SigningKey;
import org.everpost.core.directory.SigningKeys;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.event.EventSink;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.BlobId;
import org.everpost.store.StoreUnavailableException;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dkim.DkimAlgorithm;
import org.everpost.wire.dkim.DkimResult;
import org.everpost.wire.dkim.DkimSignature;
import org.everpost.wire.dkim.DkimVerification;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who signs for whom, and that what is signed verifies. */
final class DkimSignerTest {

  private static final DomainName HERE = DomainName.of("example.test");
  private static final DomainName ALSO = DomainName.of("also.test");
  private static final String ALICE = "alice@example.test";

  private final Clock clock = Clock.system();
  private final RandomSource random = RandomSource.seeded(4);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final Directory directory =
      new Directory(store.ledger(), false, clock, random, EventSink.NONE);
  private final SigningKeys keys =
      new SigningKeys(store.ledger(), directory, clock, random, EventSink.NONE);
  private final Signer signer = new DkimSigner(directory, keys, clock);

  @BeforeEach
  void people() {
    directory.addDomain(HERE);
    directory.addDomain(ALSO);
    directory.addAccount(EmailAddress.of(ALICE), new StoredPassword("$1$x", null), Quota.UNLIMITED);
    directory.addAlias(
        EmailAddress.of("away@example.test"), List.of(EmailAddress.of("a@peer.test")));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void sign(DomainName domain) {
    keys.make(domain, EnumSet.allOf(DkimAlgorithm.class), false);
    keys.all(domain).forEach(keys::activate);
  }

  private SpooledMessage message(String sender, Path from) {
    Instant now = clock.instant();
    return new SpooledMessage(
        SpoolId.of(now, random),
        now,
        sender,
        new Envelope(from, Body.SEVEN_BIT, false, TlsDemand.USUAL, null, null),
        "",
        new BlobId(1, 2),
        0,
        100,
        now.plus(Duration.ofDays(1)),
        false,
        null,
        List.of(
            SpooledRecipient.fresh(
                new Path.Address(EmailAddress.of("b@peer.test")), Set.of(), null, now)));
  }

  private static Path path(String address) {
    return new Path.Address(EmailAddress.of(address));
  }

  private String signature(SpooledMessage message, String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    try {
      return signer
          .of(message, () -> new ByteArrayInputStream(octets))
          .of(out -> out.write(octets));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code d=} and the verdict of each signature. */
  private List<String> verdicts(String signed) {
    byte[] octets = signed.getBytes(StandardCharsets.UTF_8);
    DkimVerification verification = new DkimVerification();
    verification.feed(octets, 0, octets.length);
    Map<DomainName, String> published = new HashMap<>();
    for (DomainName domain : directory.domains()) {
      for (SigningKey key : keys.all(domain)) {
        published.put(key.recordName(), key.recordText());
      }
    }
    List<String> verdicts = new ArrayList<>();
    for (DkimVerification.Candidate candidate : verification.finish()) {
      DkimSignature signature = candidate.signature();
      assertThat(signature).isNotNull();
      DkimResult result =
          DkimVerification.verify(
              candidate, List.of(published.getOrDefault(signature.keyName(), "")), clock.instant());
      verdicts.add(signature.domain() + " " + signature.algorithm().tag() + " " + result.verdict());
    }
    return verdicts;
  }

  @Test
  void withoutKeysNothingIsSigned() {
    keys.make(HERE, EnumSet.allOf(DkimAlgorithm.class), false); // they wait
    assertThat(signature(message(ALICE, path(ALICE)), "From: alice@example.test\r\n\r\nHi\r\n"))
        .isEmpty();
  }

  @Test
  void theDomainOfTheAuthorSignsWithEachKey() {
    sign(HERE);
    sign(ALSO);
    String text = "From: Alice <Alice@Example.Test>\r\nSubject: x\r\n\r\nHi\r\n";
    String signature = signature(message(ALICE, path("a@also.test")), text);
    assertThat(verdicts(signature + text))
        .containsExactlyInAnyOrder(
            "example.test rsa-sha256 PASS", "example.test ed25519-sha256 PASS");
    String changed = signature + text.replace("Hi", "Ho");
    assertThat(verdicts(changed)).allMatch(verdict -> verdict.endsWith(" FAIL"));
  }

  @Test
  void whatIsLargerThanABufferIsSignedWhole() {
    sign(HERE);
    String text = "From: alice@example.test\r\n\r\n" + "A line that counts.\r\n".repeat(20_000);
    String signature = signature(message(ALICE, path(ALICE)), text);
    assertThat(verdicts(signature + text)).hasSize(2).allMatch(verdict -> verdict.endsWith("PASS"));
    assertThat(verdicts(signature + text + "more\r\n"))
        .hasSize(2)
        .allMatch(verdict -> verdict.endsWith("FAIL"));
  }

  @Test
  void ifTheAuthorIsElsewhereTheSenderSigns() {
    sign(ALSO);
    String text = "From: somebody@peer.test\r\n\r\nHi\r\n";
    assertThat(verdicts(signature(message(ALICE, path("a@also.test")), text) + text))
        .containsExactlyInAnyOrder("also.test rsa-sha256 PASS", "also.test ed25519-sha256 PASS");
    assertThat(signature(message(ALICE, path("a@peer.test")), text)).isEmpty();
  }

  @Test
  void ourOwnNotificationsAreSigned() {
    DomainName ours = directory.defaultDomain().orElseThrow();
    sign(ours);
    for (String author : List.of("mailer-daemon@" + ours, "nobody")) {
      String text = "From: " + author + "\r\n\r\nSorry\r\n";
      assertThat(verdicts(signature(message("", new Path.Null()), text) + text))
          .hasSize(2)
          .allMatch(verdict -> verdict.startsWith(ours + " ") && verdict.endsWith("PASS"));
    }
  }

  @Test
  void aStrangerGetsNoSignatureByTheWayOfAnAlias() {
    sign(HERE);
    String forged = "From: boss@example.test\r\n\r\nPay at once\r\n";
    assertThat(signature(message("away@example.test", path("x@peer.test")), forged)).isEmpty();
    assertThat(signature(message("away@example.test", path(ALICE)), forged)).isEmpty();
  }

  @Test
  void whatCannotBeReadIsTriedAgain() {
    sign(HERE);
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() ->
            signer.of(
                message(ALICE, path(ALICE)),
                () -> {
                  throw new IOException("as a test wants it");
                }));
  }
}
