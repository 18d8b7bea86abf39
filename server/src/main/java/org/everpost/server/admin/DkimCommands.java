package org.everpost.server.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.everpost.core.directory.Change;
import org.everpost.core.directory.SigningKey;
import org.everpost.core.directory.SigningKey.State;
import org.everpost.core.directory.SigningKeys;
import org.everpost.core.zone.Finding;
import org.everpost.core.zone.KeyActivation;
import org.everpost.server.data.Foundation;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimAlgorithm;

/** {@code everpost domain dkim}. Nothing here ever sees a private key. */
final class DkimCommands {

  static final String MAKE = "--make";
  static final String ROTATE = "--rotate";
  static final String DELETE = "--delete";
  static final String ALGORITHM = "--algorithm";
  static final String ACTIVATE = "--activate";
  static final String FORCE = "--force";

  private DkimCommands() {}

  /** Whether it is meant. */
  static boolean ask(Arguments arguments, Console console) throws IOException, CommandException {
    Optional<String> selector = arguments.option(DELETE);
    if (selector.isEmpty() || arguments.flag("--yes")) {
      return false;
    }
    console.err(
        "This destroys the key %s of %s. Type 'yes' to do it:"
            .formatted(Arguments.domain(selector.get()), arguments.domain(0)));
    return true;
  }

  static int run(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Foundation foundation = premises.foundation();
    DomainName domain = DomainCommands.domain(foundation.directory(), arguments);
    requireSense(arguments);
    Optional<String> selector = arguments.option(DELETE);
    if (selector.isPresent()) {
      return delete(
          foundation.keys(), domain, Arguments.domain(selector.get()), arguments, console);
    }
    if (arguments.flag(MAKE) || arguments.flag(ROTATE)) {
      make(foundation.keys(), domain, arguments, console);
    }
    boolean good = !arguments.flag(ACTIVATE) || activate(foundation, domain, arguments, console);
    show(foundation.keys().all(domain), foundation.clock().instant(), arguments, console);
    return good ? 0 : 1;
  }

  private static void requireSense(Arguments arguments) throws CommandException {
    if (arguments.flag(FORCE) && !arguments.flag(ACTIVATE)) {
      throw new CommandException(FORCE + " goes with " + ACTIVATE);
    }
    if (arguments.flag(ALGORITHM) && !arguments.flag(MAKE) && !arguments.flag(ROTATE)) {
      throw new CommandException(ALGORITHM + " goes with " + MAKE + " or " + ROTATE);
    }
  }

  private static int delete(
      SigningKeys keys,
      DomainName domain,
      DomainName selector,
      Arguments arguments,
      Console console)
      throws IOException {
    if (!arguments.flag("--yes") && !console.isAnsweredYes()) {
      console.err("everpost: nothing was deleted");
      return 1;
    }
    return Outcome.of(keys.delete(domain, selector), "key " + selector + " of " + domain, "deleted")
        .tell(console);
  }

  private static void make(
      SigningKeys keys, DomainName domain, Arguments arguments, Console console)
      throws IOException, CommandException {
    boolean successors = arguments.flag(ROTATE);
    Change change;
    try {
      change = keys.make(domain, algorithms(arguments), successors);
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
    switch (change) {
      case DONE -> console.err("everpost: publish them: everpost domain dns " + domain);
      case UNCHANGED ->
          console.err(
              "everpost: nothing was made, "
                  + (successors
                      ? "a pending key is there already"
                      : "a key is there already; its successor is made by " + ROTATE));
      default -> throw new CommandException("domain " + domain + " does not exist");
    }
  }

  private static Set<DkimAlgorithm> algorithms(Arguments arguments) throws CommandException {
    Optional<String> wanted = arguments.option(ALGORITHM);
    if (wanted.isEmpty()) {
      return EnumSet.allOf(DkimAlgorithm.class);
    }
    for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
      if (algorithm.keyType().equals(wanted.get())) {
        return Set.of(algorithm);
      }
    }
    throw new CommandException("'" + wanted.get() + "' is neither rsa nor ed25519");
  }

  /** Whether no key is pending any more. */
  private static boolean activate(
      Foundation foundation, DomainName domain, Arguments arguments, Console console)
      throws IOException {
    SigningKeys keys = foundation.keys();
    if (arguments.flag(FORCE)) {
      for (SigningKey key : keys.all(domain)) {
        Change _ = keys.activate(key); // unchanged: it was not pending
      }
      return true;
    }
    boolean good = true;
    Map<SigningKey, Finding> findings =
        new KeyActivation(keys, foundation.newResolver()).run(domain);
    for (Map.Entry<SigningKey, Finding> entry : findings.entrySet()) {
      SigningKey key = entry.getKey();
      if (key.state() == State.PENDING) {
        String problem = problem(entry.getValue());
        if (!problem.isEmpty()) {
          console.err("everpost: " + key.selector() + " stays pending: " + problem);
          good = false;
        }
      }
    }
    return good;
  }

  private static String problem(Finding finding) {
    return switch (finding) {
      case Finding.Good _ -> "";
      case Finding.Missing _ -> "its record is not in DNS";
      case Finding.Wrong(String _, String why) -> "what is in DNS " + why;
      case Finding.Unknown(String reason) -> "DNS does not tell now: " + reason;
    };
  }

  private static void show(List<SigningKey> keys, Instant now, Arguments arguments, Console console)
      throws IOException {
    if (arguments.flag("--json")) {
      console.line(Json.text(keys.stream().map(key -> json(key, now)).toList()));
      return;
    }
    if (keys.isEmpty()) {
      console.err("everpost: no key; " + MAKE + " makes some");
      return;
    }
    Columns columns = new Columns(console, 12, 9, 7, 8);
    columns.line("SELECTOR", "ALGORITHM", "STATE", "AGE", "NOTE");
    for (SigningKey key : keys) {
      columns.line(
          key.selector(),
          key.algorithm().keyType(),
          state(key),
          Age.text(Duration.between(key.created(), now)),
          note(key, now));
    }
  }

  private static String state(SigningKey key) {
    return key.state().name().toLowerCase(Locale.ROOT);
  }

  private static String note(SigningKey key, Instant now) {
    return switch (key.state()) {
      case PENDING -> "signs when its record is seen in DNS";
      case ACTIVE ->
          "signs since "
              + key.activated()
              + (key.isOld(now) ? "; old, " + ROTATE + " makes a successor" : "");
      case RETIRED ->
          key.isNeeded(now)
              ? "keep its record until " + key.neededUntil()
              : "its record can be removed";
    };
  }

  private static Map<String, Object> json(SigningKey key, Instant now) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("selector", key.selector().ascii());
    fields.put("algorithm", key.algorithm().keyType());
    fields.put("state", state(key));
    fields.put("created", key.created());
    fields.put("activated", key.activated());
    fields.put("retired", key.retired());
    fields.put("neededUntil", key.neededUntil());
    fields.put("old", key.isOld(now));
    fields.put("name", key.recordName().ascii());
    fields.put("text", key.recordText());
    return fields;
  }
}
