package org.everpost.core.spf;

import java.net.InetAddress;
import java.util.List;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.MxRecord;
import org.everpost.core.dns.Resolver;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.spf.Directive;
import org.everpost.wire.spf.MacroLetter;
import org.everpost.wire.spf.MacroString;
import org.everpost.wire.spf.Mechanism;
import org.everpost.wire.spf.PrefixLengths;
import org.everpost.wire.spf.SpfRecord;
import org.everpost.wire.spf.SpfSyntaxException;
import org.jspecify.annotations.Nullable;

/** The function check_host() of RFC 7208 §4, once. For one thread. */
final class CheckHost {

  private final Resolver resolver;
  private final Client client;
  private final Macros macros;
  private final Allowance allowance = new Allowance();

  CheckHost(Resolver resolver, Client client, Macros macros) {
    this.resolver = resolver;
    this.client = client;
    this.macros = macros;
  }

  /**
   * What a record says.
   *
   * @param explanation of the record that decided, where it has one
   */
  private record Outcome(
      SpfResult.Verdict verdict, String reason, @Nullable Explanation explanation) {

    static Outcome none(String reason) {
      return new Outcome(SpfResult.Verdict.NONE, reason, null);
    }
  }

  /** Where a text is for those who were refused. */
  private record Explanation(MacroString where, DomainName domain) {}

  SpfResult run(DomainName domain) {
    try {
      Outcome outcome = check(domain);
      String explanation =
          outcome.verdict() == SpfResult.Verdict.FAIL && outcome.explanation() != null
              ? explain(outcome.explanation())
              : null;
      return new SpfResult(outcome.verdict(), domain.ascii(), outcome.reason(), explanation);
    } catch (CheckEndedException e) {
      return new SpfResult(e.verdict(), domain.ascii(), e.reason(), null);
    }
  }

  private Outcome check(DomainName domain) throws CheckEndedException {
    if (domain.ascii().indexOf('.') < 0) {
      return Outcome.none(domain + " is not the name of a domain for mail"); // §4.3
    }
    return switch (resolver.txt(domain)) {
      case DnsAnswer.Failed<String>(String reason) ->
          throw CheckEndedException.temporary("DNS about " + domain + ": " + reason); // §4.4
      case DnsAnswer.None<String>(boolean exists, boolean _) ->
          Outcome.none(exists ? domain + " has no SPF record" : domain + " does not exist");
      case DnsAnswer.Found<String> found -> {
        List<String> records = found.records().stream().filter(SpfRecord::isSpf).toList();
        if (records.size() > 1) {
          throw CheckEndedException.permanent(domain + " has several SPF records"); // §4.5
        }
        yield records.isEmpty()
            ? Outcome.none(domain + " has no SPF record")
            : evaluate(parsed(records.getFirst(), domain), domain);
      }
    };
  }

  private static SpfRecord parsed(String text, DomainName domain) throws CheckEndedException {
    try {
      return SpfRecord.parse(text);
    } catch (SpfSyntaxException e) {
      throw CheckEndedException.permanent(
          "the SPF record of " + domain + " cannot be read: " + e.getMessage());
    }
  }

  /** §4.6 and §4.7. */
  private Outcome evaluate(SpfRecord record, DomainName domain) throws CheckEndedException {
    for (Directive directive : record.directives()) {
      String by = match(directive.mechanism(), domain);
      if (by != null) {
        SpfResult.Verdict verdict =
            switch (directive.qualifier()) {
              case PASS -> SpfResult.Verdict.PASS;
              case FAIL -> SpfResult.Verdict.FAIL;
              case SOFTFAIL -> SpfResult.Verdict.SOFTFAIL;
              case NEUTRAL -> SpfResult.Verdict.NEUTRAL;
            };
        Explanation explanation =
            record.explanation() == null ? null : new Explanation(record.explanation(), domain);
        return new Outcome(verdict, directive + " of " + domain + by, explanation);
      }
    }
    return record.redirect() == null || record.hasAll()
        ? new Outcome(
            SpfResult.Verdict.NEUTRAL,
            "nothing in the SPF record of " + domain + " is about " + client.text(),
            null)
        : elsewhere("redirect=" + record.redirect(), record.redirect(), domain);
  }

  /** Null: it does not match; otherwise what there is to say about how it does. */
  private @Nullable String match(Mechanism mechanism, DomainName domain)
      throws CheckEndedException {
    return switch (mechanism) {
      case Mechanism.All _ -> "";
      case Mechanism.Ip4(String network, int bits) ->
          when(client.isIpv4() && client.isIn(InetAddress.ofLiteral(network), bits));
      case Mechanism.Ip6(String network, int bits) ->
          when(!client.isIpv4() && client.isIn(InetAddress.ofLiteral(network), bits));
      case Mechanism.A(MacroString where, PrefixLengths lengths) -> {
        DomainName name = target(where, domain);
        yield when(name != null && isNear(name, lengths, true));
      }
      case Mechanism.Mx(MacroString where, PrefixLengths lengths) -> {
        DomainName name = target(where, domain);
        yield when(name != null && takesMailOf(name, lengths));
      }
      case Mechanism.Ptr(MacroString where) -> {
        DomainName name = target(where, domain);
        yield when(name != null && isNamed(name));
      }
      case Mechanism.Exists(MacroString where) -> {
        DomainName name = target(where, domain);
        yield when(name != null && exists(name));
      }
      case Mechanism.Include(MacroString where) -> include(where, domain);
    };
  }

  private static @Nullable String when(boolean matches) {
    return matches ? "" : null;
  }

  /** §5.2. */
  private @Nullable String include(MacroString where, DomainName domain)
      throws CheckEndedException {
    Outcome outcome = elsewhere("include:" + where, where, domain);
    return outcome.verdict() == SpfResult.Verdict.PASS ? ", by " + outcome.reason() : null;
  }

  /**
   * What another record says (§5.2, §6.1).
   *
   * @param term that names it
   */
  private Outcome elsewhere(String term, MacroString where, DomainName domain)
      throws CheckEndedException {
    DomainName other = target(where, domain);
    Outcome outcome = other == null ? Outcome.none("that is no name") : check(other);
    if (outcome.verdict() == SpfResult.Verdict.NONE) {
      throw CheckEndedException.permanent(term + " of " + domain + ": " + outcome.reason());
    }
    return outcome;
  }

  /** The name a term that asks is about; null: what is written there is none. */
  private @Nullable DomainName target(@Nullable MacroString where, DomainName domain)
      throws CheckEndedException {
    allowance.lookup();
    if (where == null) {
      return domain;
    }
    if (where.uses(MacroLetter.VALIDATED_DOMAIN) && !macros.names().isKnown()) {
      allowance.lookup(); // §4.6.4
    }
    return macros.name(where, domain);
  }

  /**
   * §5.3.
   *
   * @param isOwn whether it is the mechanism's own name, not one that another name has led to
   */
  private boolean isNear(DomainName name, PrefixLengths lengths, boolean isOwn)
      throws CheckEndedException {
    int bits = client.isIpv4() ? lengths.ip4() : lengths.ip6();
    return switch (client.isIpv4() ? resolver.ipv4(name) : resolver.ipv6(name)) {
      case DnsAnswer.Found<? extends InetAddress> found ->
          found.records().stream().anyMatch(address -> client.isIn(address, bits));
      case DnsAnswer.None<? extends InetAddress> _ -> {
        if (isOwn) {
          allowance.voidLookup();
        }
        yield false;
      }
      case DnsAnswer.Failed<? extends InetAddress>(String reason) ->
          throw CheckEndedException.temporary("DNS about " + name + ": " + reason);
    };
  }

  /** §5.4. */
  private boolean takesMailOf(DomainName name, PrefixLengths lengths) throws CheckEndedException {
    switch (resolver.mx(name)) {
      case DnsAnswer.Found<MxRecord> found -> {
        if (found.records().size() > Allowance.MAX_NAMES) {
          throw CheckEndedException.permanent(name + " has more than ten MX records");
        }
        for (MxRecord mx : found.records()) {
          if (mx.exchange() != null && isNear(mx.exchange(), lengths, false)) {
            return true;
          }
        }
      }
      case DnsAnswer.None<MxRecord> _ -> allowance.voidLookup();
      case DnsAnswer.Failed<MxRecord>(String reason) ->
          throw CheckEndedException.temporary("DNS about " + name + ": " + reason);
    }
    return false;
  }

  /** §5.5. */
  private boolean isNamed(DomainName domain) throws CheckEndedException {
    boolean named = macros.names().in(domain) != null;
    if (macros.names().isVoid()) {
      allowance.voidLookup();
    }
    return named;
  }

  /** §5.7: an A record, whatever the client has. */
  private boolean exists(DomainName name) throws CheckEndedException {
    return switch (resolver.ipv4(name)) {
      case DnsAnswer.Found<?> _ -> true;
      case DnsAnswer.None<?> _ -> {
        allowance.voidLookup();
        yield false;
      }
      case DnsAnswer.Failed<?>(String reason) ->
          throw CheckEndedException.temporary("DNS about " + name + ": " + reason);
    };
  }

  /** §6.2: whatever goes wrong here, there is no explanation. */
  private @Nullable String explain(Explanation explanation) {
    DomainName name = macros.name(explanation.where(), explanation.domain());
    if (name == null
        || !(resolver.txt(name) instanceof DnsAnswer.Found<String> found)
        || found.records().size() != 1) {
      return null;
    }
    try {
      MacroString text = MacroString.ofExplanation(found.records().getFirst());
      return quotable(macros.expand(text, explanation.domain()));
    } catch (SpfSyntaxException e) {
      return null;
    }
  }

  /** Macros bring in what strangers wrote. */
  private static @Nullable String quotable(String text) {
    boolean good =
        !text.isBlank()
            && text.length() <= Spf.MAX_EXPLANATION
            && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    return good ? text : null;
  }
}
