package org.everpost.server.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.everpost.core.config.RelayConfig;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.Resolver;
import org.everpost.core.dns.TlsaRecord;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.TlsDemand;
import org.everpost.server.guard.GuardSettings;
import org.everpost.server.relay.mtasts.StsPolicies;
import org.everpost.server.relay.tls.DaneCheck;
import org.everpost.server.relay.tls.TlsPolicy;
import org.everpost.server.relay.tls.TlsReports;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.mtasts.MtaStsPolicy;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.tlsrpt.TlsReport.PolicyType;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;

/** What TLS with a host has to prove: what is configured and what is published, the stronger. */
final class ServerPolicies {

  private static final TlsPolicy NOTHING = new TlsPolicy.Opportunistic();

  private final RelaySettings settings;
  private final Resolver resolver;
  private final StsPolicies sts;
  private final TlsReports reports;

  ServerPolicies(RelaySettings settings, Resolver resolver, StsPolicies sts, TlsReports reports) {
    this.settings = settings;
    this.resolver = resolver;
    this.sts = sts;
    this.reports = reports;
  }

  /** Whether a host may be tried. */
  sealed interface Decision {

    record Use(PeerServer server) implements Decision {}

    record PassOver(Reason reason, boolean permanent) implements Decision {}
  }

  /** What the TLSA records of a host say. */
  private sealed interface Tlsa {

    /** There are none that count. */
    record None() implements Tlsa {}

    record Present(TlsPolicy policy, DomainName base, List<TlsaRecord> records) implements Tlsa {}

    record Unknown(DomainName base, String reason) implements Tlsa {}
  }

  Decision of(NextHop.Hosts hop, DomainName host, HostAddresses found, TlsDemand demand) {
    boolean requireTls = demand == TlsDemand.REQUIRED;
    if (demand == TlsDemand.WAIVED) { // RFC 8689 §4.2.2: only the operator's own word counts
      return use(hop, host, configured(hop, host, found), NOTHING, List.of(), false);
    }
    Tlsa tlsa = hop.secure() ? tlsa(hop, host, found) : new Tlsa.None();
    return switch (tlsa) {
      case Tlsa.Unknown unknown -> { // RFC 7672 §2.1.2: the host must not be used
        reported(hop, unknown.base(), List.of())
            .forEach(policy -> fail(policy, ResultType.DNSSEC_INVALID, host));
        yield pass(false, "4.4.3", "No TLSA records of %s just now: %s", host, unknown.reason());
      }
      case Tlsa.Present present -> {
        TlsPolicy policy = stronger(present.policy(), configured(hop, host, found));
        List<TlsReports.Policy> reported = reported(hop, present.base(), present.records());
        if (present.policy().authenticates()) {
          yield use(hop, present.base(), policy, NOTHING, reported, requireTls);
        }
        reported.forEach(its -> fail(its, ResultType.TLSA_INVALID, host));
        yield withoutDane(hop, host, policy, !reported.isEmpty(), requireTls);
      }
      case Tlsa.None _ -> withoutDane(hop, host, configured(hop, host, found), false, requireTls);
    };
  }

  /**
   * MTA-STS, over which DANE has precedence (RFC 8461 §2): where it says who the host is. Records
   * of no use do not (RFC 7672 §2.2), and so do not stand in the way of a policy that does.
   *
   * @param least what is demanded in any case
   * @param counted whether the session is one with a policy already, which was of no use
   */
  private Decision withoutDane(
      NextHop.Hosts hop, DomainName host, TlsPolicy least, boolean counted, boolean requireTls) {
    DomainName domain = hop.domain();
    if (domain == null) { // of a smart host nobody but the operator says anything
      return use(hop, host, least, NOTHING, List.of(), requireTls);
    }
    StsPolicies.Answer answer = sts.of(domain);
    MtaStsPolicy policy = answer.policy();
    if (answer.failure() != null) {
      fail(ofDomain(PolicyType.STS, List.of(), domain, List.of()), answer.failure(), null);
    }
    if (policy == null || policy.mode() == MtaStsPolicy.Mode.NONE) {
      var none = ofDomain(PolicyType.NO_POLICY_FOUND, List.of(), domain, List.of());
      return use(hop, host, least, NOTHING, counted ? List.of() : List.of(none), requireTls);
    }
    TlsReports.Policy reported =
        ofDomain(
            PolicyType.STS,
            StsPolicies.lines(policy),
            domain,
            policy.mx().stream().map(MtaStsPolicy.MxPattern::toString).toList());
    boolean enforced = policy.mode() == MtaStsPolicy.Mode.ENFORCE;
    TlsPolicy wanted = new TlsPolicy.Verified(host);
    if (!policy.allows(host)) {
      fail(reported, ResultType.VALIDATION_FAILURE, host);
      return enforced
          ? pass(
              false,
              "4.7.5",
              "%s is not a server that the MTA-STS policy of %s allows",
              host,
              domain)
          : use(hop, host, least, NOTHING, List.of(), requireTls);
    }
    return enforced
        ? use(hop, host, wanted, NOTHING, List.of(reported), requireTls)
        : use(hop, host, least, wanted, List.of(reported), requireTls);
  }

  private static TlsReports.Policy ofDomain(
      PolicyType type, List<String> strings, DomainName domain, List<String> mxHosts) {
    return new TlsReports.Policy(type, strings, domain, domain, mxHosts);
  }

  /** A session that fails before there is a connection, or whatever comes of one. */
  private void fail(TlsReports.Policy policy, ResultType failure, @Nullable DomainName host) {
    String name = host == null ? null : host.ascii();
    reports.count(new TlsReports.Session(policy, failure, name, null, null));
  }

  /** For an address that has no name. */
  Decision of(NextHop.Address hop, TlsDemand demand) {
    String name = hop.address().getHostAddress();
    if (demand == TlsDemand.REQUIRED) {
      return pass(true, "5.7.30", "%s has no name a certificate could be for%s", name, "");
    }
    boolean here = GuardSettings.isThisMachine(hop.address()); // and nobody in between
    if (settings.tls() == RelayConfig.Tls.VERIFIED && !here) {
      return hop.chosen() // which the operator can change
          ? pass(false, "4.7.5", "%s has no name a certificate could be for%s", name, "")
          : pass(true, "5.7.5", "%s has no name a certificate could be for%s", name, "");
    }
    boolean secret = hop.login() != null && !here;
    boolean demanded = settings.tls() != RelayConfig.Tls.OPPORTUNISTIC || secret;
    TlsPolicy policy = demanded ? new TlsPolicy.Encrypted() : NOTHING;
    return new Decision.Use(
        new PeerServer(
            name, null, hop.port(), policy, NOTHING, List.of(), hop.chosen(), hop.login(), false));
  }

  private Decision use(
      NextHop.Hosts hop,
      DomainName host,
      TlsPolicy policy,
      TlsPolicy observed,
      List<TlsReports.Policy> reported,
      boolean requireTls) {
    TlsPolicy least = policy;
    if (requireTls && !policy.authenticates()) {
      // RFC 8689 §4.2.1: a good certificate of the wrong host is worth nothing.
      if (!hop.secure()) {
        return pass(true, "5.7.30", "Nothing vouches for the MX records of %s%s", hop.domain(), "");
      }
      least = new TlsPolicy.Verified(host);
    }
    return new Decision.Use(
        new PeerServer(
            host.ascii(),
            host,
            hop.port(),
            least,
            observed,
            reported,
            hop.domain() == null,
            hop.login(),
            requireTls));
  }

  private TlsPolicy configured(NextHop.Hosts hop, DomainName host, HostAddresses found) {
    if (hop.login() != null && !found.addresses().stream().allMatch(GuardSettings::isThisMachine)) {
      return new TlsPolicy.Verified(host); // the password is for this host only
    }
    return switch (settings.tls()) {
      case OPPORTUNISTIC -> NOTHING;
      case REQUIRED -> new TlsPolicy.Encrypted();
      case VERIFIED -> new TlsPolicy.Verified(host);
    };
  }

  /** DANE, where it authenticates, needs no authority beside it (RFC 7672 §1.3). */
  private static TlsPolicy stronger(TlsPolicy dane, TlsPolicy configured) {
    return dane.authenticates() || !configured.authenticates() ? dane : configured;
  }

  /**
   * RFC 7672 §2.2.3 and §2.1.3: of the name behind all CNAMEs or else of the first; only of the
   * first if nobody vouches for what its CNAME leads to (§2.2.2).
   */
  private Tlsa tlsa(NextHop.Hosts hop, DomainName host, HostAddresses found) {
    boolean alias = !found.name().equals(host);
    List<DomainName> bases = new ArrayList<>();
    if (found.secure()) {
      bases.add(found.name());
    } else if (!alias) {
      return new Tlsa.None();
    } else {
      // An answer about addresses says nothing of the first CNAME alone.
      switch (resolver.cname(host)) {
        case DnsAnswer.Failed<DomainName> failed -> {
          return new Tlsa.Unknown(host, failed.reason());
        }
        case DnsAnswer.Found<DomainName> its when its.secure() -> {}
        case DnsAnswer.Found<DomainName> _, DnsAnswer.None<DomainName> _ -> {
          return new Tlsa.None();
        }
      }
    }
    if (alias) {
      bases.add(host);
    }
    return tlsa(hop, host, bases);
  }

  private Tlsa tlsa(NextHop.Hosts hop, DomainName host, List<DomainName> bases) {
    for (DomainName base : bases) {
      DomainName name = prefixed(hop.port(), base);
      if (name == null) {
        continue;
      }
      switch (resolver.tlsa(name)) {
        case DnsAnswer.Failed<TlsaRecord> failed -> {
          return new Tlsa.Unknown(base, failed.reason());
        }
        case DnsAnswer.Found<TlsaRecord> records when records.secure() -> {
          return present(hop, host, base, records.records());
        }
        case DnsAnswer.Found<TlsaRecord> _, DnsAnswer.None<TlsaRecord> _ -> {}
      }
    }
    return new Tlsa.None();
  }

  private static @Nullable DomainName prefixed(int port, DomainName base) {
    try {
      return new DomainName("_" + port + "._tcp." + base.ascii());
    } catch (IllegalArgumentException e) {
      return null; // too long to exist
    }
  }

  private static Tlsa present(
      NextHop.Hosts hop, DomainName host, DomainName base, List<TlsaRecord> records) {
    List<TlsaRecord> usable = records.stream().filter(DaneCheck::isUsable).toList();
    List<DomainName> names = new ArrayList<>(List.of(base, host));
    Stream.of(hop.domain(), hop.owner()).filter(Objects::nonNull).forEach(names::add);
    // RFC 7672 §2.2: records that are there but of no use still say that there is TLS.
    TlsPolicy policy =
        usable.isEmpty() ? new TlsPolicy.Encrypted() : new TlsPolicy.Dane(usable, names);
    return new Tlsa.Present(policy, base, records);
  }

  private static List<TlsReports.Policy> reported(
      NextHop.Hosts hop, DomainName base, List<TlsaRecord> records) {
    if (hop.domain() == null) {
      return List.of();
    }
    return List.of(
        new TlsReports.Policy(
            PolicyType.TLSA,
            records.stream().map(TlsaRecord::toString).sorted().toList(), // no order of their own
            hop.domain(),
            base,
            List.of()));
  }

  private static Decision.PassOver pass(
      boolean permanent, String status, String format, @Nullable Object host, Object more) {
    return new Decision.PassOver(
        new Reason(EnhancedStatusCode.of(status), format.formatted(host, more), null), permanent);
  }
}
