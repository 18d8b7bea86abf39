package org.everpost.core.srs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.everpost.core.directory.Directory;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand;
import org.everpost.wire.smtp.SmtpParser;
import org.everpost.wire.smtp.SmtpSyntaxException;
import org.everpost.wire.srs.SrsRewriter.Reversed;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReturnAddressesTest {

  private static final DomainName US = DomainName.of("us.test");
  private static final EmailAddress STRANGER = EmailAddress.of("a@origin.test");

  private final ManualClock clock = new ManualClock();
  private final RandomSource random = RandomSource.seeded(4);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final Directory directory =
      new Directory(store.ledger(), false, clock, random, EventSink.NONE);
  private final ReturnAddresses here = node();
  private final ReturnAddresses there = node();

  /** Another node, or this one after a restart. */
  private ReturnAddresses node() {
    return new ReturnAddresses(directory, store, clock, random);
  }

  @BeforeEach
  void domain() {
    directory.addDomain(US);
  }

  private static EmailAddress made(ReturnAddresses by, EmailAddress sender) {
    return ((Path.Address) by.forwarded(new Path.Address(sender), US)).address();
  }

  private void pass(Duration time) {
    clock.advance(time);
  }

  private static Reversed original(EmailAddress sender) {
    return new Reversed.Original(sender);
  }

  @Test
  void everyNodeKnowsWhatOneHasMade() {
    EmailAddress first = made(here, STRANGER);
    assertThat(there.reverse(first)).isEqualTo(original(STRANGER));
    assertThat(made(there, STRANGER)).isEqualTo(first);
    assertThat(node().reverse(first)).isEqualTo(original(STRANGER));
  }

  @Test
  void whatNeedsNoOtherAddressKeepsIts() throws SmtpSyntaxException {
    assertThat(here.forwarded(new Path.Null(), US)).isEqualTo(new Path.Null());
    Path ours = new Path.Address(new EmailAddress("b", US));
    assertThat(here.forwarded(ours, US)).isEqualTo(ours);
    SmtpCommand mail =
        SmtpParser.parse("MAIL FROM:<x@[192.0.2.1]>".getBytes(StandardCharsets.US_ASCII));
    Path literal = ((SmtpCommand.Mail) mail).from();
    assertThat(here.forwarded(literal, US)).isEqualTo(literal);
    // So nothing was ever made.
    assertThat(store.ledger().read(SrsKeysRow.PARTITION).get(SrsKeysRow.key())).isNull();
    assertThat(here.reverse(EmailAddress.of("SRS0=aaaaaa=aa=b.test=c@us.test")))
        .isInstanceOf(Reversed.Invalid.class);
  }

  @Test
  void onlyAddressesOfOursStandForOthers() {
    made(here, STRANGER);
    assertThat(here.reverse(EmailAddress.of("SRS0=aaaaaa=aa=b.test=c@them.test")))
        .isInstanceOf(Reversed.NotRewritten.class);
    assertThat(here.reverse(EmailAddress.of("SRS0=aaaaaa=aa=b.test=c@us.test")))
        .isInstanceOf(Reversed.Invalid.class);
    assertThat(here.reverse(EmailAddress.of("somebody@us.test")))
        .isInstanceOf(Reversed.NotRewritten.class);
  }

  /** Forwarded to a server that rewrites as well and forwards it back, where it goes on again. */
  @Test
  void whatWentToAndFroGoesBackAllTheWay() {
    EmailAddress first = made(here, STRANGER);
    String inner = first.localPart().substring("SRS0".length());
    EmailAddress theirs = EmailAddress.of("SRS1=abcd=us.test=" + inner + "@them.test");
    EmailAddress second = made(here, theirs);
    assertThat(second.localPart()).startsWith("SRS1=").contains("=us.test==");
    assertThat(here.reverse(second)).isEqualTo(original(STRANGER));
    pass(Duration.ofDays(22));
    assertThat(here.reverse(made(here, theirs))).isInstanceOf(Reversed.Invalid.class);
  }

  @Test
  void itCanBeAnsweredForThreeWeeks() {
    EmailAddress address = made(here, STRANGER);
    pass(Duration.ofDays(21));
    assertThat(here.reverse(address)).isEqualTo(original(STRANGER));
    pass(Duration.ofDays(1));
    assertThat(here.reverse(address)).isInstanceOf(Reversed.Invalid.class);
  }

  @Test
  void aSecretServesForAMonthAndIsAcceptedAsLongAsWhatWasMadeWithIt() {
    EmailAddress hop = EmailAddress.of("SRS0=abcd=xy=origin.test=a@hop.test"); // has no day of ours
    EmailAddress old = made(here, hop);
    pass(Duration.ofDays(29));
    assertThat(made(here, hop)).isEqualTo(old);
    pass(Duration.ofDays(1));
    // The successor is made, and serves as soon as everybody may know it.
    assertThat(made(here, hop)).isEqualTo(old);
    assertThat(made(there, hop)).isEqualTo(old);
    pass(Duration.ofMinutes(1));
    EmailAddress fresh = made(here, hop);
    assertThat(fresh).isNotEqualTo(old);
    assertThat(made(there, hop)).isEqualTo(fresh);
    for (ReturnAddresses node : List.of(here, there, node())) {
      assertThat(node.reverse(fresh)).isEqualTo(original(hop));
      assertThat(node.reverse(old)).isEqualTo(original(hop));
    }
    pass(Duration.ofDays(22).minusSeconds(1));
    assertThat(here.reverse(old)).isEqualTo(original(hop));
    pass(Duration.ofSeconds(1));
    assertThat(here.reverse(old)).isInstanceOf(Reversed.Invalid.class);
    assertThat(here.reverse(fresh)).isEqualTo(original(hop));
  }

  /** Years of it leave no more than what still counts. */
  @Test
  void secretsAreForgotten() {
    Set<EmailAddress> made = new HashSet<>();
    for (int month = 0; month < 40; month++) {
      EmailAddress address = made(here, STRANGER);
      made.add(address);
      assertThat(there.reverse(address)).isEqualTo(original(STRANGER));
      pass(Duration.ofDays(30));
    }
    assertThat(made).hasSize(40);
    byte[] row = store.ledger().read(SrsKeysRow.PARTITION).get(SrsKeysRow.key());
    assertThat(row).isNotNull();
    assertThat(SrsKeysRow.decode(row).keys()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void whoseAddressIsTooLongIsRemembered() {
    EmailAddress sender = EmailAddress.of("x".repeat(60) + "@a-rather-long-name.test");
    EmailAddress first = made(here, sender);
    EmailAddress second = made(here, sender);
    assertThat(first).isNotEqualTo(second);
    assertThat(there.reverse(first)).isEqualTo(original(sender));
    assertThat(there.reverse(EmailAddress.of(second.toString().toUpperCase(Locale.ROOT))))
        .isEqualTo(original(sender));
    // Whoever calls himself so learns nothing, and is nobody.
    EmailAddress forged = made(here, EmailAddress.of("0123456789abcdef@kept.invalid"));
    assertThat(here.reverse(forged)).isInstanceOf(Reversed.Invalid.class);
    pass(Duration.ofDays(22));
    assertThat(here.reverse(first)).isInstanceOf(Reversed.Invalid.class);
  }
}
