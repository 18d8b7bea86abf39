package org.everpost.server.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.everpost.core.peer.IpNetwork;
import org.everpost.core.peer.PeerRule;
import org.everpost.core.time.Clock;
import org.everpost.server.guard.GuardDesk;
import org.everpost.server.guard.GuardDesk.Counts;
import org.everpost.server.guard.GuardSettings;
import org.jspecify.annotations.Nullable;

/** {@code everpost guard}. */
final class GuardCommands {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private static final int LINES_A_HEADER = 20;
  private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);
  private static final int MAX_NOTE_CHARACTERS = 500;

  private GuardCommands() {}

  static int status(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    StatusCommands.print(premises.guard().status(), arguments, console);
    return 0;
  }

  static int show(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Map<String, Object> shown = premises.guard().show(address(arguments.word(0)));
    if (!arguments.flag("--json") && shown.get("reasons") instanceof List<?> reasons) {
      shown.remove("reasons");
      StatusCommands.print(shown, arguments, console);
      for (Object reason : reasons) {
        console.line("- " + Columns.printable(String.valueOf(reason)));
      }
    } else {
      StatusCommands.print(shown, arguments, console);
    }
    return 0;
  }

  private static InetAddress address(String text) throws CommandException {
    try {
      InetAddress address = IpNetwork.of(text).single();
      if (address != null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // Nor is a network one.
    }
    throw new CommandException("'" + text + "' is not an IP address");
  }

  static int top(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    GuardDesk desk = premises.guard();
    Clock clock = premises.foundation().clock();
    Optional<String> lines = arguments.option("--count");
    long count = lines.isPresent() ? count(lines.get()) : Long.MAX_VALUE;
    Duration interval = Age.parse(arguments.option("--interval").orElse("1s"));
    if (interval.toSeconds() < 1 || interval.compareTo(LONGEST_INTERVAL) > 0) {
      throw new CommandException("the time between lines is a second to an hour");
    }
    Columns columns = new Columns(console, 8, -5, -7, -4, -5, -5, -5, -5, -5, -5, -5);
    Counts before = desk.counts();
    try {
      for (long i = 0; i < count; i++) {
        if (i % LINES_A_HEADER == 0) {
          columns.line(
              "TIME", "LOAD", "UNKNOWN", "GOOD", "USERS", "NEW/s", "OUT/s", "CUT/s", "LATER",
              "BAD/s", "STORE");
          console.flush();
        }
        clock.sleep(interval);
        Counts now = desk.counts();
        line(columns, clock.instant(), before, now, interval.toMillis() / 1000.0);
        console.flush();
        before = now;
      }
    } catch (InterruptedException e) {
      // The server stops.
    }
    return 0;
  }

  private static long count(String text) throws CommandException {
    long count = 0;
    try {
      count = Arguments.messages(text);
    } catch (CommandException e) {
      // Nor is it one that is no number at all.
    }
    if (count == 0) {
      throw new CommandException("'" + text + "' is not a number of lines");
    }
    return count;
  }

  private static void line(Columns columns, Instant time, Counts before, Counts now, double seconds)
      throws IOException {
    columns.line(
        TIME.format(time),
        now.pressurePercent() + " %",
        now.strangers(),
        now.good(),
        now.users(),
        rate(now.admitted() + now.refused() - before.admitted() - before.refused(), seconds),
        rate(now.refused() - before.refused(), seconds),
        rate(now.displaced() - before.displaced(), seconds),
        rate(now.greylisted() - before.greylisted(), seconds),
        rate(now.misdeeds() - before.misdeeds(), seconds),
        store(now.storeMillis()));
  }

  private static String store(long millis) {
    return millis < 1_000 ? millis + " ms" : millis / 1_000 + " s";
  }

  private static long rate(long events, double seconds) {
    return Math.round(events / seconds);
  }

  static int allow(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    return rule(premises, arguments, console, true);
  }

  static int deny(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    return rule(premises, arguments, console, false);
  }

  private static int rule(Premises premises, Arguments arguments, Console console, boolean allowed)
      throws IOException, CommandException {
    IpNetwork network = network(arguments.word(0));
    if (!allowed && GuardSettings.isOwn(premises.foundation().config(), network)) {
      throw new CommandException(
          network
              + " is this machine, or in a network of guard.own-networks, and let in whatever is"
              + " denied");
    }
    String note = arguments.option("--note").orElse("");
    if (note.length() > MAX_NOTE_CHARACTERS) {
      throw new CommandException("the note is longer than " + MAX_NOTE_CHARACTERS + " characters");
    }
    @Nullable Duration life = null;
    if (arguments.option("--for").isPresent()) {
      life = Age.parse(arguments.option("--for").get());
      if (life.isZero()) {
        throw new CommandException("a rule holds for a second at least");
      }
    }
    Instant now = premises.foundation().clock().instant();
    premises
        .peerLists()
        .put(new PeerRule(network, allowed, note, now, life == null ? null : now.plus(life)));
    String until = life == null ? "" : " until " + now.plus(life).truncatedTo(ChronoUnit.SECONDS);
    console.line(network + (allowed ? " is always let in" : " is never let in") + until);
    return 0;
  }

  private static IpNetwork network(String text) throws CommandException {
    try {
      return IpNetwork.of(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  static int forget(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    IpNetwork network = network(arguments.word(0));
    boolean ruled = premises.peerLists().remove(network);
    InetAddress address = network.single();
    if (address == null && !ruled) {
      throw new CommandException(
          network + " is neither allowed nor denied; what else is known is forgotten by address");
    }
    if (address != null) {
      premises.forget(address);
    }
    console.line(network + (ruled ? " is neither allowed nor denied any more" : " is forgotten"));
    return 0;
  }

  static int rules(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    List<PeerRule> rules = premises.peerLists().all();
    if (arguments.flag("--json")) {
      console.line(Json.text(rules.stream().map(GuardCommands::json).toList()));
      return 0;
    }
    Columns columns = new Columns(console, 24, 5, 20, 20);
    if (!rules.isEmpty()) {
      columns.line("NETWORK", "RULE", "SINCE", "UNTIL", "NOTE");
    }
    for (PeerRule rule : rules) {
      columns.line(
          rule.network(),
          rule.allowed() ? "allow" : "deny",
          rule.since().truncatedTo(ChronoUnit.SECONDS),
          rule.until() == null ? "for ever" : rule.until().truncatedTo(ChronoUnit.SECONDS),
          rule.note());
    }
    return 0;
  }

  private static Map<String, Object> json(PeerRule rule) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("network", rule.network().toString());
    fields.put("rule", rule.allowed() ? "allow" : "deny");
    fields.put("since", rule.since());
    fields.put("until", rule.until());
    fields.put("note", rule.note());
    return fields;
  }
}
