package org.everpost.core.dns;

import org.everpost.core.time.Clock;
import org.everpost.wire.address.DomainName;
import org.xbill.DNS.Name;

/**
 * One lookup on the wire: a question, and further ones where an answer ends in an alias of which it
 * says nothing (RFC 1034 §5.2.2), all within one deadline.
 */
final class Lookup {

  private final Upstreams upstreams;
  private final DnsSettings settings;
  private final Clock clock;

  Lookup(Upstreams upstreams, DnsSettings settings, Clock clock) {
    this.upstreams = upstreams;
    this.settings = settings;
    this.clock = clock;
  }

  <T> Outcome<T> run(DomainName question, RecordKind<T> kind) {
    long until = clock.nanoTime() + settings.lookupTimeout().toNanos();
    AnswerReader<T> reader = new AnswerReader<>(kind, settings);
    Name name = absolute(question);
    boolean secure = true;
    boolean alias = false;
    long ttl = Integer.MAX_VALUE;
    int octets = 0;
    // The reader ends it: aliases are counted, and none is met twice.
    while (true) {
      Upstreams.Reply<T> reply = upstreams.ask(name, kind, reader, until);
      secure &= reply.secure();
      octets += reply.octets();
      switch (reply.reading()) {
        case Reading.Found<T>(var records, DomainName owner, long its) -> {
          DnsAnswer<T> found = new DnsAnswer.Found<>(records, owner, secure);
          return new Outcome<>(found, Math.min(ttl, its), octets, false, false);
        }
        case Reading.None<T>(boolean exists, boolean isAlias, long its) -> {
          DnsAnswer<T> none = new DnsAnswer.None<>(exists, secure);
          boolean absent = !exists && !isAlias && !alias;
          return new Outcome<>(none, Math.min(ttl, its), octets, absent, false);
        }
        case Reading.Broken<T>(String reason) -> {
          DnsAnswer<T> failed = new DnsAnswer.Failed<>(reason);
          return new Outcome<>(failed, 0, octets, false, reply.overBudget());
        }
        case Reading.Alias<T>(Name target, long its) -> {
          name = target;
          alias = true;
          ttl = Math.min(ttl, its);
        }
      }
    }
  }

  private static Name absolute(DomainName name) {
    return Name.fromConstantString(name.ascii() + ".");
  }
}
