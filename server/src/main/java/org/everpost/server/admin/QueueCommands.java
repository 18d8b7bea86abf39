package org.everpost.server.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.SpoolId;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.time.Clock;
import org.everpost.server.outbound.QueueGroup;
import org.everpost.server.outbound.Queued;
import org.everpost.store.StoreException;
import org.everpost.wire.smtp.Path;
import org.jspecify.annotations.Nullable;

/** {@code everpost queue list}, {@code show} and {@code summary}. */
final class QueueCommands {

  private QueueCommands() {}

  // ---- list ----

  /** What is written cannot be told by a visitor's exceptions alone. */
  private interface Line {
    void of(Queued queued) throws IOException;
  }

  static int list(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Clock clock = premises.foundation().clock();
    long limit = limit(arguments);
    long[] count = {0};
    boolean json = arguments.flag("--json");
    Columns columns = new Columns(console, 13, 8, -6, 28, 32, 12);
    Instant now = clock.instant();
    Line line =
        json
            ? queued -> console.out((count[0] > 0 ? "," : "") + Json.text(json(queued)))
            : queued -> {
              if (count[0] == 0) {
                columns.line("ID", "AGE", "SIZE", "FROM", "TO", "NEXT", "REASON");
              }
              line(queued, now, columns);
            };
    if (json) {
      console.out("[");
    }
    try {
      premises
          .queue()
          .visit(
              QueueFilters.of(arguments),
              queued -> {
                try {
                  line.of(queued);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
                return ++count[0] < limit;
              },
              new Progress(console, clock));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (StoreException e) {
      if (json) {
        console.line("]"); // what was read is one array all the same
      }
      throw e;
    }
    if (json) {
      console.line("]");
    } else if (count[0] == 0) {
      console.err("everpost: no message");
    }
    return 0;
  }

  private static long limit(Arguments arguments) throws CommandException {
    long limit = Arguments.messages(arguments.option("--limit").orElse("none"));
    return limit == 0 ? Long.MAX_VALUE : limit;
  }

  private static void line(Queued queued, Instant now, Columns columns) throws IOException {
    SpooledMessage message = queued.message();
    List<SpooledRecipient> waiting =
        message.recipients().stream()
            .filter(SpooledRecipient::isWaiting)
            .sorted(Comparator.comparing(queued::next))
            .toList();
    List<SpooledRecipient> shown = waiting.isEmpty() ? message.recipients() : waiting;
    SpooledRecipient first = shown.getFirst();
    String more = shown.size() > 1 ? " +" + (shown.size() - 1) : "";
    columns.line(
        message.id(),
        Age.text(Duration.between(message.accepted(), now)),
        size(message.size()),
        bare(message.envelope().from()),
        bare(first.to()) + more,
        next(queued, first, now),
        why(queued, first));
  }

  private static String address(Path path) {
    String text = path.toString();
    return text.substring(1, text.length() - 1);
  }

  /** For people: a path without brackets, unless nothing is between them. */
  private static String bare(Path path) {
    return path instanceof Path.Null ? path.toString() : address(path);
  }

  private static String why(Queued queued, SpooledRecipient recipient) {
    String held = queued.message().held();
    Reason reason = queued.reason(recipient);
    return held != null && recipient.isWaiting() ? held : reason == null ? "" : reason.toString();
  }

  private static String next(Queued queued, SpooledRecipient recipient, Instant now) {
    if (!recipient.isWaiting()) {
      return "to be told"; // to the sender, that it is over
    }
    if (queued.message().held() != null) {
      return "held";
    }
    if (queued.underWay()) {
      return "being sent";
    }
    Instant next = queued.next(recipient);
    return next.isAfter(now) ? "in " + Age.text(Duration.between(now, next)) : "now";
  }

  private static String size(long octets) {
    return octets < 1_000
        ? octets + "B"
        : octets < 1_000_000 ? octets / 1_000 + "kB" : octets / 1_000_000 + "MB";
  }

  // ---- show ----

  static int show(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    SpoolId id = QueueFilters.id(arguments.word(0));
    Queued queued =
        premises.queue().find(id).orElseThrow(() -> new CommandException(QueueFilters.absent(id)));
    if (arguments.flag("--json")) {
      console.line(Json.text(json(queued)));
      return 0;
    }
    Instant now = premises.foundation().clock().instant();
    SpooledMessage message = queued.message();
    Columns columns = new Columns(console, 9);
    columns.line("id:", message.id());
    columns.line("accepted:", ago(message.accepted(), now));
    columns.line("expires:", message.expires().truncatedTo(ChronoUnit.SECONDS));
    columns.line("sender:", message.sender());
    columns.line("from:", bare(message.envelope().from()));
    columns.line("size:", message.size() + " octets");
    if (message.held() != null) {
      columns.line("held:", message.held());
    }
    if (queued.underWay()) {
      columns.line("now:", "being sent");
    }
    columns.line("delay:", message.delayTold() ? "told to the sender" : "not told yet");
    for (SpooledRecipient recipient : message.recipients()) {
      show(queued, recipient, now, columns);
    }
    return 0;
  }

  private static String ago(Instant then, Instant now) {
    return then.truncatedTo(ChronoUnit.SECONDS)
        + " ("
        + Age.text(Duration.between(then, now))
        + " ago)";
  }

  private static void show(Queued queued, SpooledRecipient recipient, Instant now, Columns columns)
      throws IOException {
    columns.line("to:", bare(recipient.to()));
    columns.line("  state:", state(recipient) + ", tried " + times(recipient.attempts()));
    if (recipient.isWaiting()) {
      columns.line("  next:", next(queued, recipient, now));
    }
    if (recipient.last() != null) {
      columns.line("  last:", ago(recipient.last().at(), now));
    }
    Reason reason = queued.reason(recipient);
    if (reason != null) {
      columns.line("  reason:", reason);
    }
  }

  private static String times(int number) {
    return number == 1 ? "once" : number + " times";
  }

  private static String state(SpooledRecipient recipient) {
    return recipient.state().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> json(Queued queued) {
    SpooledMessage message = queued.message();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", message.id().toString());
    fields.put("accepted", message.accepted());
    fields.put("expires", message.expires());
    fields.put("sender", message.sender());
    fields.put("from", address(message.envelope().from()));
    fields.put("size", message.size());
    fields.put("held", message.held());
    fields.put("underWay", queued.underWay());
    fields.put("delayTold", message.delayTold());
    fields.put("envid", message.envelope().envid());
    List<Map<String, Object>> recipients = new ArrayList<>();
    for (SpooledRecipient recipient : message.recipients()) {
      recipients.add(json(queued, recipient));
    }
    fields.put("recipients", recipients);
    return fields;
  }

  private static Map<String, Object> json(Queued queued, SpooledRecipient recipient) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("to", address(recipient.to()));
    fields.put("destination", recipient.destination());
    fields.put("state", state(recipient));
    fields.put("attempts", recipient.attempts());
    fields.put("next", recipient.isWaiting() ? queued.next(recipient) : null);
    fields.put("lastAttempt", recipient.last() == null ? null : recipient.last().at());
    fields.put("reason", json(queued.reason(recipient)));
    return fields;
  }

  private static @Nullable Map<String, Object> json(@Nullable Reason reason) {
    if (reason == null) {
      return null;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("status", reason.status());
    fields.put("text", reason.text());
    fields.put("peer", reason.peer());
    return fields;
  }

  // ---- summary ----

  static int summary(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Clock clock = premises.foundation().clock();
    List<QueueGroup> groups =
        premises.queue().summary(QueueFilters.of(arguments), new Progress(console, clock));
    Instant now = clock.instant();
    List<QueueGroup> shown = groups.stream().limit(limit(arguments)).toList();
    if (arguments.flag("--json")) {
      console.line(Json.text(shown.stream().map(group -> json(group, now)).toList()));
      return 0;
    }
    Columns columns = new Columns(console, -8, 28, 8, 12, -4, 12);
    if (groups.isEmpty()) {
      console.err("everpost: no message");
      return 0;
    }
    columns.line("MESSAGES", "DESTINATION", "OLDEST", "NEXT", "CONN", "BLOCKED", "REASON");
    for (QueueGroup group : shown) {
      columns.line(
          group.messages(),
          group.destination(),
          Age.text(Duration.between(group.oldest(), now)),
          group.held() != null ? "held" : in(group.next(), now),
          group.state() == null ? "" : group.state().connections(),
          isBlocked(group, now) ? in(blockedUntil(group), now) : "",
          group.held() != null ? group.held() : group.last() == null ? "" : group.last());
    }
    if (shown.size() < groups.size()) {
      console.err("everpost: " + (groups.size() - shown.size()) + " smaller groups are not shown");
    }
    return 0;
  }

  private static String in(Instant then, Instant now) {
    return then.isAfter(now) ? "in " + Age.text(Duration.between(now, then)) : "now";
  }

  private static Instant blockedUntil(QueueGroup group) {
    return Instant.ofEpochMilli(group.state() == null ? 0 : group.state().blockedUntil());
  }

  private static boolean isBlocked(QueueGroup group, Instant now) {
    return blockedUntil(group).isAfter(now);
  }

  private static Map<String, Object> json(QueueGroup group, Instant now) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("destination", group.destination());
    fields.put("messages", group.messages());
    fields.put("oldest", group.oldest());
    fields.put("next", group.held() != null ? null : group.next());
    fields.put("held", group.held());
    fields.put("reason", json(group.last()));
    fields.put("connections", group.state() == null ? 0 : group.state().connections());
    fields.put("failures", group.state() == null ? 0 : group.state().failures());
    fields.put("blockedUntil", isBlocked(group, now) ? blockedUntil(group) : null);
    return fields;
  }
}
