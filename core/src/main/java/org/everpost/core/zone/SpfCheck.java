package org.everpost.core.zone;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import org.everpost.core.dns.Resolver;
import org.everpost.core.spf.Spf;
import org.everpost.core.spf.SpfResult;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.spf.Directive;
import org.everpost.wire.spf.Mechanism;
import org.everpost.wire.spf.Qualifier;
import org.everpost.wire.spf.SpfRecord;
import org.everpost.wire.spf.SpfSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the SPF record of a domain (RFC 7208) lets the server send, by asking what those
 * ask who get its mail.
 */
final class SpfCheck {

  private SpfCheck() {}

  static Finding run(Resolver resolver, DomainFacts facts) {
    Finding found = TextChecks.one(resolver, facts.domain(), SpfRecord::isSpf, SpfCheck::problem);
    if (!(found instanceof Finding.Good(String text)) || facts.smartHost() != null) {
      return found; // from where a smart host sends nobody knows here
    }
    List<InetAddress> senders = facts.sources();
    if (senders.isEmpty()) {
      senders = HostChecks.addresses(resolver, facts.hostname()).all();
    }
    if (senders.isEmpty()) {
      return new Finding.Unknown("the addresses of " + facts.hostname() + " are not known");
    }
    Spf spf = new Spf(resolver, facts.hostname(), InstantSource.fixed(facts.now()));
    EmailAddress postmaster = new EmailAddress("postmaster", facts.domain());
    for (InetAddress sender : senders) {
      SpfResult result = spf.check(sender, facts.hostname().ascii(), postmaster);
      switch (result.verdict()) {
        case PASS -> {
          // and the next
        }
        case FAIL, SOFTFAIL, NEUTRAL, NONE -> {
          return new Finding.Wrong(
              text,
              "does not let "
                  + sender.getHostAddress()
                  + " send, an address of this server ("
                  + result.reason()
                  + ")");
        }
        case PERMERROR -> {
          return new Finding.Wrong(text, "counts nothing: " + result.reason());
        }
        case TEMPERROR -> {
          return new Finding.Unknown(result.reason());
        }
      }
    }
    return found;
  }

  private static @Nullable String problem(String text) {
    try {
      Directive everybody = new Directive(Qualifier.PASS, new Mechanism.All());
      return SpfRecord.parse(text).directives().contains(everybody)
          ? "lets everybody send in the name of the domain"
          : null;
    } catch (SpfSyntaxException e) {
      return "cannot be read: " + e.getMessage();
    }
  }
}
