package org.everpost.server.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.everpost.core.directory.Change;
import org.everpost.wire.address.DomainName;

/** {@code everpost domain}. */
final class DomainCommands {

  private DomainCommands() {}

  static int add(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    DomainName domain = arguments.domain(0);
    Change change = premises.foundation().directory().addDomain(domain);
    return Outcome.of(change, "domain " + domain, "added").tell(console);
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
