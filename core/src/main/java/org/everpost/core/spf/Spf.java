package org.everpost.core.spf;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.everpost.core.dns.Resolver;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a client may send in the name of a domain (RFC 7208). Safe for any number of
 * threads.
 */
public final class Spf {

  /**
   * How long a check may take. Deviates from RFC 7208 §4.6.4, which would allow 20 s: a peer waits
   * meanwhile, and whoever needs so long has servers that do not answer.
   */
  public static final Duration LIMIT = Duration.ofSeconds(5);

  /** A longer one is none. */
  static final int MAX_EXPLANATION = 400;

  private static final String POSTMASTER = "postmaster";

  private final Resolver resolver;
  private final DomainName receiver;
  private final InstantSource clock;
  private final Duration limit;

  /**
   * @param receiver the name of this server
   */
  public Spf(Resolver resolver, DomainName receiver, InstantSource clock) {
    this(resolver, receiver, clock, LIMIT);
  }

  Spf(Resolver resolver, DomainName receiver, InstantSource clock, Duration limit) {
    this.resolver = Objects.requireNonNull(resolver, "resolver");
    this.receiver = Objects.requireNonNull(receiver, "receiver");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.limit = Objects.requireNonNull(limit, "limit");
  }

  /**
   * Checks the identity MAIL FROM (§2.4); the identity HELO (§2.3) where there is no sender, which
   * is what the first one becomes then. Blocks, but not longer than the limit.
   *
   * @param helo what the client said at HELO or EHLO
   * @param sender null: the null reverse-path, or the identity HELO is meant
   */
  public SpfResult check(InetAddress address, String helo, @Nullable EmailAddress sender) {
    DomainName domain = sender == null ? name(helo) : sender.domain();
    if (domain == null) {
      return new SpfResult(
          SpfResult.Verdict.NONE, "", "the client has no name that could have an SPF record", null);
    }
    Client client =
        new Client(address, helo, sender == null ? POSTMASTER : sender.localPart(), domain);
    Instant end = clock.instant().plus(limit);
    Resolver hurried = resolver.within(limit);
    ClientNames names = new ClientNames(hurried, client);
    Macros macros = new Macros(client, names, receiver, clock);
    SpfResult result = new CheckHost(hurried, client, macros).run(domain);
    // Whose names are not found out in time has none (§5.5), which must not decide (§4.6.4).
    return clock.instant().isBefore(end) || result.verdict() == SpfResult.Verdict.TEMPERROR
        ? result
        : new SpfResult(SpfResult.Verdict.TEMPERROR, domain.ascii(), "it took too long", null);
  }

  /** Null for an address literal, and for what is none either (§4.3). */
  private static @Nullable DomainName name(String helo) {
    try {
      return DomainName.of(helo);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
