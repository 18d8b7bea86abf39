package org.everpost.core.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.everpost.core.directory.SigningKey.State;
import org.everpost.core.event.Event;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimAlgorithm;
import org.everpost.wire.dkim.DkimKey;
import org.everpost.wire.dkim.DkimKeyRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SigningKeysTest {

  private static final DomainName HERE = DomainName.of("example.test");

  private static final Set<DkimAlgorithm> BOTH = EnumSet.allOf(DkimAlgorithm.class);

  private final ManualClock clock = new ManualClock(); // it is January 2027
  private final RandomSource random = RandomSource.seeded(1);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final List<Event> events = new ArrayList<>();
  private final Directory directory =
      new Directory(store.ledger(), store.shared(), clock, random, events::add);
  private final SigningKeys keys = keys();

  private SigningKeys keys() {
    return new SigningKeys(store.ledger(), directory, clock, random, events::add);
  }

  @BeforeEach
  void domain() {
    directory.addDomain(HERE);
  }

  private List<String> states() {
    return keys.all(HERE).stream().map(key -> key.selector() + " " + key.state()).toList();
  }

  private SigningKey key(String selector) {
    return keys.all(HERE).stream()
        .filter(key -> key.selector().ascii().equals(selector))
        .findFirst()
        .orElseThrow();
  }

  private static byte[] rowKey(String selector) {
    return DkimKeyRow.key(DomainName.of(selector));
  }

  private byte[] row(String selector) {
    return Objects.requireNonNull(
        store.ledger().read(RowCache.partition(HERE)).get(rowKey(selector)));
  }

  private List<String> signing(SigningKeys from) {
    return from.active(HERE).stream().map(key -> key.selector().ascii()).toList();
  }

  private void activate(String... selectors) {
    for (String selector : selectors) {
      assertThat(keys.activate(key(selector))).isEqualTo(Change.DONE);
    }
  }

  @Test
  void aNewKeyWaitsAndThenSigns() throws Exception {
    assertThat(keys.all(HERE)).isEmpty();
    assertThat(keys.make(HERE, BOTH, false)).isEqualTo(Change.DONE);
    assertThat(states()).containsExactly("ep202701r PENDING", "ep202701e PENDING");
    assertThat(keys.make(HERE, BOTH, false)).isEqualTo(Change.UNCHANGED);
    assertThat(keys.make(HERE, BOTH, true)).isEqualTo(Change.UNCHANGED);
    assertThat(keys.active(HERE)).isEmpty();
    activate("ep202701r");
    assertThat(states()).containsExactly("ep202701r ACTIVE", "ep202701e PENDING");
    assertThat(signing(keys)).containsExactly("ep202701r");
    activate("ep202701e");
    assertThat(keys.active(HERE))
        .extracting(DkimKey::algorithm)
        .containsExactlyInAnyOrder(DkimAlgorithm.values());
    assertThat(keys.activate(key("ep202701r"))).isEqualTo(Change.UNCHANGED);
    SigningKey rsa = key("ep202701r");
    assertThat(rsa.recordName()).hasToString("ep202701r._domainkey.example.test");
    assertThat(DkimKeyRecord.parse(rsa.recordText()).key()).isEqualTo(rsa.publicKey());
    assertThat(events).hasSize(4);
  }

  @Test
  void aSuccessorTakesOverWhenItIsActivated() {
    keys.make(HERE, BOTH, false);
    activate("ep202701r", "ep202701e");
    clock.advance(Duration.ofDays(1));
    assertThat(keys.make(HERE, BOTH, true)).isEqualTo(Change.DONE);
    assertThat(states())
        .containsExactly(
            "ep202701r ACTIVE", "ep202701e ACTIVE", "ep202701r2 PENDING", "ep202701e2 PENDING");
    assertThat(signing(keys)).containsExactlyInAnyOrder("ep202701r", "ep202701e");
    activate("ep202701r2");
    assertThat(signing(keys)).containsExactlyInAnyOrder("ep202701r2", "ep202701e");
    assertThat(key("ep202701r").state()).isEqualTo(State.RETIRED);
    assertThat(keys.make(HERE, BOTH, true))
        .isEqualTo(Change.DONE); // the other algorithm still waits
    assertThat(states()).contains("ep202701r3 PENDING", "ep202701e2 PENDING").hasSize(5);
  }

  @Test
  void aRetiredKeyIsNeededForAWeekAndForgottenAfterAMonth() {
    keys.make(HERE, BOTH, false);
    activate("ep202701r", "ep202701e");
    assertThat(key("ep202701r").neededUntil()).isNull();
    keys.make(HERE, BOTH, true);
    activate("ep202701r2");
    SigningKey old = key("ep202701r");
    assertThat(old.isNeeded(clock.instant().plus(Duration.ofDays(6)))).isTrue();
    assertThat(old.isNeeded(clock.instant().plus(Duration.ofDays(8)))).isFalse();
    clock.advance(Duration.ofDays(30));
    keys.make(HERE, BOTH, true);
    assertThat(states()).contains("ep202701r RETIRED");
    activate("ep202702r");
    clock.advance(Duration.ofDays(2));
    keys.make(HERE, BOTH, true);
    assertThat(states()).doesNotContain("ep202701r RETIRED").contains("ep202701r2 RETIRED");
  }

  @Test
  void whatSignsForAYearIsOld() {
    keys.make(HERE, BOTH, false);
    activate("ep202701r");
    clock.advance(Duration.ofDays(366));
    assertThat(key("ep202701r").isOld(clock.instant())).isTrue();
    assertThat(key("ep202701e").isOld(clock.instant())).isFalse(); // it never signed
  }

  @Test
  void aRetiredKeyCannotSignAnyMore() {
    keys.make(HERE, BOTH, false);
    activate("ep202701r");
    keys.make(HERE, BOTH, true);
    activate("ep202701r2");
    assertThat(DkimKeyRow.decode(row("ep202701r")).privateKey()).isNull();
  }

  @Test
  void oneAlgorithmAloneIsMade() {
    assertThat(keys.make(HERE, Set.of(DkimAlgorithm.ED25519_SHA256), false)).isEqualTo(Change.DONE);
    assertThat(states()).containsExactly("ep202701e PENDING");
    assertThat(keys.make(HERE, BOTH, false)).isEqualTo(Change.DONE);
    assertThat(states()).containsExactly("ep202701r PENDING", "ep202701e PENDING");
  }

  @Test
  void aDeletedKeyIsGoneAndItsSelectorTakenForAMonth() {
    keys.make(HERE, BOTH, false);
    activate("ep202701r");
    assertThat(keys.active(HERE)).hasSize(1);
    assertThat(keys.delete(HERE, DomainName.of("ep202701r"))).isEqualTo(Change.DONE);
    assertThat(keys.active(HERE)).isEmpty();
    assertThat(keys.delete(HERE, DomainName.of("ep202701e"))).isEqualTo(Change.DONE);
    assertThat(keys.delete(HERE, DomainName.of("ep202701e"))).isEqualTo(Change.NO_SUCH_KEY);
    assertThat(keys.delete(HERE, DomainName.of("never"))).isEqualTo(Change.NO_SUCH_KEY);
    assertThat(states()).isEmpty();
    assertThat(DkimKeyRow.decode(row("ep202701r")).privateKey()).isNull();
    assertThat(DkimKeyRow.decode(row("ep202701e")).privateKey()).isNull();
    keys.make(HERE, BOTH, false);
    assertThat(states()).containsExactly("ep202701r2 PENDING", "ep202701e2 PENDING");
    clock.advance(Duration.ofDays(32));
    keys.delete(HERE, DomainName.of("ep202701r2"));
    keys.make(HERE, BOTH, false);
    assertThat(states()).containsExactly("ep202701e2 PENDING", "ep202702r PENDING");
    assertThat(store.ledger().read(RowCache.partition(HERE)).get(rowKey("ep202701r"))).isNull();
  }

  @Test
  void anotherNodeSeesItWithinSeconds() {
    SigningKeys other = keys();
    keys.make(HERE, BOTH, false);
    assertThat(other.active(HERE)).isEmpty();
    activate("ep202701r");
    clock.advance(Duration.ofSeconds(6));
    assertThat(signing(other)).containsExactly("ep202701r");
  }

  @Test
  void keysGoWithTheirDomain() {
    keys.make(HERE, BOTH, false);
    activate("ep202701r");
    directory.deleteDomain(HERE);
    clock.advance(Duration.ofSeconds(6));
    assertThat(keys.active(HERE)).isEmpty();
    assertThat(keys.make(HERE, BOTH, false)).isEqualTo(Change.NO_SUCH_DOMAIN);
    directory.addDomain(HERE);
    assertThat(keys.all(HERE)).isEmpty();
  }

  @Test
  void aNameThatLeavesNoRoomIsRefused() {
    DomainName longest = DomainName.of(("a".repeat(49) + ".").repeat(5) + "xyz");
    directory.addDomain(longest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> keys.make(longest, BOTH, false))
        .withMessageContaining("too long");
  }

  @Test
  void noTextShowsAPrivateKey() {
    keys.make(HERE, BOTH, false);
    activate("ep202701e");
    DkimKey signer = keys.active(HERE).getFirst();
    byte[] octets = signer.key().getEncoded();
    String secret = Base64.getEncoder().encodeToString(octets).substring(24, 40);
    assertThat(signer.toString() + keys.all(HERE) + events).doesNotContain(secret);
    assertThat(DkimKeyRow.decode(row("ep202701e")))
        .hasToString("DkimKeyRow[ED25519_SHA256 of 2027-01-15T08:00:00Z]");
  }
}
