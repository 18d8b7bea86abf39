package org.everpost.core.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.Reason;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;

/**
 * All name servers: the first that gives an answer that makes sense is believed. Safe for any
 * number of threads.
 */
final class Upstreams {

  /** How often all of them are asked in turn. */
  private static final int ROUNDS = 3;

  private final List<Upstream> all;
  private final DnsSettings settings;
  private final QueryBudget budget;
  private final Clock clock;

  Upstreams(
      DnsSettings settings,
      QueryBudget budget,
      Clock clock,
      RandomSource random,
      EventSink events) {
    boolean anyTrusted = settings.servers().stream().anyMatch(NameServer::trusted);
    this.all =
        settings.servers().stream()
            .filter(server -> server.trusted() || !anyTrusted)
            .map(server -> new Upstream(server, settings.breaker(), clock, random, events))
            .toList();
    this.settings = settings;
    this.budget = budget;
    this.clock = clock;
  }

  /**
   * What one of them said, or why none did.
   *
   * @param secure whether DNSSEC vouches for it
   * @param octets the size of the answer
   * @param overBudget nobody was asked (any more), because the budget is spent
   */
  record Reply<T>(Reading<T> reading, boolean secure, int octets, boolean overBudget) {

    static <T> Reply<T> none(String reason) {
      return new Reply<>(new Reading.Broken<>(reason), false, 0, false);
    }

    static <T> Reply<T> spent() {
      return new Reply<>(new Reading.Broken<>("too many lookups at once"), false, 0, true);
    }
  }

  /** Asks one after the other, and again those that were silent. */
  <T> Reply<T> ask(Name name, RecordKind<T> kind, AnswerReader<T> reader, long until) {
    List<Upstream> left = new ArrayList<>(all);
    String reason = "no name server is up";
    for (int round = 0; round < ROUNDS; round++) {
      for (Iterator<Upstream> i = left.iterator(); i.hasNext(); ) {
        Upstream upstream = i.next();
        if (!upstream.isUsable(until)) {
          continue;
        }
        long now = clock.nanoTime();
        if (until - now <= 0) {
          return Reply.none("no answer in time");
        }
        if (!budget.spend()) {
          return Reply.spent();
        }
        try {
          long patience = Math.min(until - now, settings.tryTimeout().toNanos());
          Message answer = upstream.ask(name, kind.type(), now + patience);
          Reading<T> reading = reader.read(answer, name);
          if (!(reading instanceof Reading.Broken<T>(String broken))) {
            boolean secure = upstream.trusted() && answer.getHeader().getFlag(Flags.AD);
            return new Reply<>(reading, secure, answer.numBytes(), false);
          }
          reason = broken;
          i.remove();
        } catch (IOException e) {
          reason = Reason.of(e);
        }
      }
      if (left.isEmpty()) {
        break;
      }
    }
    return Reply.none(reason);
  }

  List<DnsCounters.Server> counters() {
    return all.stream().map(Upstream::counters).toList();
  }
}
