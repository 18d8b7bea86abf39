package org.everpost.server.admin;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.everpost.core.directory.Change;
import org.everpost.core.directory.Directory;
import org.everpost.server.data.Foundation;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimAlgorithm;

/** {@code everpost domain}. */
final class DomainCommands {

  private DomainCommands() {}

  static int add(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    DomainName domain = arguments.domain(0);
    Foundation foundation = premises.foundation();
    Change change = foundation.directory().addDomain(domain);
    if (change == Change.DONE) {
      try {
        foundation.keys().make(domain, EnumSet.allOf(DkimAlgorithm.class), false);
      } catch (IllegalArgumentException e) {
        console.err("everpost: it has no keys: " + e.getMessage());
      }
    }
    int exit = Outcome.of(change, "domain " + domain, "added").tell(console);
    if (exit == 0) {
      console.err("everpost: the DNS records it needs: everpost domain dns " + domain);
    }
    return exit;
  }

  /** The one that was named, which has to be ours. */
  static DomainName domain(Directory directory, Arguments arguments) throws CommandException {
    DomainName domain = arguments.domain(0);
    if (!directory.isLocal(domain)) {
      throw new CommandException("domain " + domain + " does not exist");
    }
    return domain;
  }

  static int list(Premises premises, Arguments arguments, Console console) throws IOException {
    List<DomainName> domains = premises.foundation().directory().domains();
    if (arguments.flag("--json")) {
      console.line(
          Json.text(domains.stream().map(domain -> Map.of("name", domain.ascii())).toList()));
      return 0;
    }
    for (DomainName domain : domains) {
      console.line(domain.ascii());
    }
    return 0;
  }

  static int delete(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    DomainName domain = arguments.domain(0);
    Change change = premises.foundation().directory().deleteDomain(domain);
    return Outcome.of(change, "domain " + domain, "deleted").tell(console);
  }
}
