package org.everpost.server.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.everpost.core.directory.Alias;
import org.everpost.core.directory.Change;
import org.everpost.core.directory.Directory;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;

/** {@code everpost alias}. */
final class AliasCommands {

  private AliasCommands() {}

  static int add(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Directory directory = premises.foundation().directory();
    String name = arguments.word(0);
    List<EmailAddress> targets = new ArrayList<>();
    for (String target : arguments.words(1)) {
      targets.add(Arguments.address(target));
    }
    Change change =
        name.startsWith("@")
            ? directory.addCatchAll(Arguments.domain(name.substring(1)), targets)
            : directory.addAlias(Arguments.address(name), targets);
    return Outcome.of(change, "alias " + name, "added").tell(console);
  }

  static int list(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Directory directory = premises.foundation().directory();
    List<Alias> aliases = new ArrayList<>();
    for (DomainName domain : AccountCommands.domains(directory, arguments)) {
      aliases.addAll(directory.aliases(domain));
    }
    if (arguments.flag("--json")) {
      console.line(Json.text(aliases.stream().map(AliasCommands::json).toList()));
      return 0;
    }
    for (Alias alias : aliases) {
      console.line(
          alias.name()
              + " -> "
              + alias.targets().stream()
                  .map(EmailAddress::toString)
                  .collect(Collectors.joining(", ")));
    }
    return 0;
  }

  private static Map<String, Object> json(Alias alias) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("address", alias.name());
    fields.put("targets", alias.targets().stream().map(EmailAddress::toString).toList());
    return fields;
  }

  static int delete(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Directory directory = premises.foundation().directory();
    String name = arguments.word(0);
    Change change =
        name.startsWith("@")
            ? directory.deleteCatchAll(Arguments.domain(name.substring(1)))
            : directory.deleteAlias(Arguments.address(name));
    return Outcome.of(change, "alias " + name, "deleted").tell(console);
  }
}
