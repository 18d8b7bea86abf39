package org.everpost.core.event;

/** The name servers that are asked. */
public sealed interface DnsEvent extends Event {

  /** It does not even answer what every name server knows; the others are asked, if any. */
  record NameServerDown(String server, String reason) implements DnsEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** It answers again. */
  record NameServerUp(String server) implements DnsEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /** Lookups fail because there are too many at once; told at most once a minute. */
  record BudgetSpent(long refused) implements DnsEvent {
    @Override
    public Level level() {
      return Level.WARN;
    }
  }
}
