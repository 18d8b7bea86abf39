package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.everpost.testkit.botnet.Behaviour;
import org.everpost.testkit.botnet.Botnet;
import org.everpost.testkit.botnet.Flood;
import org.everpost.testkit.botnet.HonestSenders;
import org.everpost.testkit.botnet.Journal;
import org.everpost.testkit.botnet.Journal.Entry;
import org.everpost.testkit.botnet.Journal.Outcome;
import org.everpost.testkit.botnet.Journal.Series;
import org.everpost.testkit.botnet.Networks;
import org.everpost.testkit.botnet.Service;
import org.everpost.testkit.botnet.Tally;
import org.everpost.testkit.botnet.Target;
import org.everpost.testkit.botnet.Users;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Five hundred bots from as many addresses, and who is honest is served. How fast, the benchmark
 * tells: here only what comes of it counts.
 */
@Tag("slow")
class UnderFireTest {

  @RegisterExtension static final Everpost EVERPOST = new Everpost("[guard]", "greylist = \"1s\"");

  private static final int BOTS = 500;

  /** One message a second comes from the regular sender. */
  private static final int MESSAGES = 15;

  private static final Duration LONGER_THAN_THE_GREYLIST = Duration.ofSeconds(3);

  /** Of everything something, and most of those that are hardest to tell from honest ones. */
  private static final Map<Behaviour, Integer> MIX = mix();

  private final Journal journal = new Journal();

  private static Map<Behaviour, Integer> mix() {
    Map<Behaviour, Integer> mix = new EnumMap<>(Behaviour.class);
    for (Behaviour behaviour : Behaviour.values()) {
      mix.put(behaviour, 1);
    }
    mix.put(Behaviour.PATIENT, Behaviour.values().length);
    return mix;
  }

  private Target target() {
    Map<Service, Integer> ports = new EnumMap<>(Service.class);
    ports.put(Service.SMTP, EVERPOST.port(Installation.SMTP));
    ports.put(Service.SUBMISSIONS, EVERPOST.port(Installation.SUBMISSIONS));
    ports.put(Service.IMAPS, EVERPOST.port(Installation.IMAPS));
    ports.put(Service.POP3S, EVERPOST.port(Installation.POP3S));
    List<String> mailboxes = List.of(EVERPOST.newUser(), EVERPOST.newUser(), EVERPOST.newUser());
    return new Target(ports, mailboxes, Everpost.PASSWORD);
  }

  @Test
  void whoIsHonestIsServed() {
    Target target = target();
    Flood flood = new Flood(target, BOTS, MIX, Networks.BOTS, 500, Duration.ofSeconds(1), 1);
    try (HonestSenders senders = new HonestSenders(target, journal, LONGER_THAN_THE_GREYLIST);
        Users users = new Users(target, journal)) {
      assertThat(senders.introduce()).as("%s", journal.entries()).isTrue();
      try (Botnet botnet = Botnet.unleash(flood)) {
        Patience.await(
            () -> "all bots came: " + botnet.tally().sums(),
            () -> botnet.tally().of(Tally.Kind.BEGUN) >= BOTS);
        long begin = journal.now();
        senders.begin();
        users.begin();
        Patience.await(
            () -> "the regular sender is served, " + EVERPOST.installation().done("status"),
            () -> done(Series.KNOWN, begin).size() >= MESSAGES);
        for (int i = 0; i < MESSAGES / 3; i++) {
          int newcomer = i;
          Patience.await(
              () -> "newcomer " + newcomer + " is served",
              () -> done(Series.NEWCOMER, begin).stream().anyMatch(e -> e.number() == newcomer));
        }
        assertThat(EVERPOST.installation().connections()).isPositive();
        assertThat(botnet.tally().of(Tally.Kind.DROPPED)).isPositive();
        assertThat(botnet.tally().of(Tally.Kind.UNREACHABLE)).isZero();
        assertThat(done(Series.IMAP, begin)).hasSizeGreaterThan(MESSAGES);
        assertThat(done(Series.LOGIN, begin)).isNotEmpty();
        assertThat(done(Series.SUBMISSION, begin)).isNotEmpty();
      }
    }
    assertThat(journal.entries())
        .filteredOn(e -> e.series() != Series.NEWCOMER && e.number() >= 0)
        .allMatch(e -> e.outcome() == Outcome.DONE);
    Patience.await(
        () -> EVERPOST.installation().done("status"),
        () -> EVERPOST.installation().connections() == 0);
  }

  private List<Entry> done(Series series, long begin) {
    return journal.entries(e ->
        e.series() == series
            && e.beginNanos() >= begin
            && e.number() >= 0
            && e.outcome() == Outcome.DONE);
  }
}
