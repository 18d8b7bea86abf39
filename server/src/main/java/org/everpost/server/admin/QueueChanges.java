package org.everpost.server.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.everpost.core.spool.SpoolId;
import org.everpost.server.outbound.Queue;
import org.everpost.server.outbound.QueueAction;
import org.everpost.server.outbound.QueueAction.Outcome;
import org.everpost.server.outbound.UnfinishedException;
import org.everpost.store.StoreException;

/** The commands of {@code everpost queue} that change what becomes of messages. */
final class QueueChanges {

  private static final String ALL = "--all";

  private QueueChanges() {}

  static int hold(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    String reason = arguments.option("--reason").orElse(null);
    if (reason != null && reason.length() > 200) {
      throw new CommandException("a reason has at most 200 characters");
    }
    return change(premises, arguments, console, new QueueAction.Hold(reason));
  }

  static int release(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    return change(premises, arguments, console, new QueueAction.Release());
  }

  static int retry(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    return change(premises, arguments, console, new QueueAction.Retry());
  }

  static int expire(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    return change(premises, arguments, console, new QueueAction.Expire());
  }

  static int delete(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    return change(premises, arguments, console, new QueueAction.Delete());
  }

  /** Whether all are meant. */
  static boolean ask(Arguments arguments, Console console) throws IOException {
    if (!arguments.flag(ALL) || arguments.flag("--yes")) {
      return false;
    }
    console.err("This is done to all messages of the queue. Type 'yes' to do it:");
    return true;
  }

  private static int change(
      Premises premises, Arguments arguments, Console console, QueueAction action)
      throws IOException, CommandException {
    if (arguments.flag(ALL) && !arguments.flag("--yes") && !console.isAnsweredYes()) {
      throw new CommandException("nothing was changed");
    }
    Set<SpoolId> ids = new LinkedHashSet<>();
    for (String word : arguments.words(0)) {
      ids.add(QueueFilters.id(word)); // all of them, before the first is changed
    }
    return ids.isEmpty()
        ? changeAll(premises, arguments, console, action)
        : change(premises.queue(), ids, arguments, console, action);
  }

  private static int change(
      Queue queue, Set<SpoolId> ids, Arguments arguments, Console console, QueueAction action)
      throws IOException {
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    boolean good = true;
    for (SpoolId id : ids) {
      Outcome outcome;
      try {
        outcome = queue.change(id, action);
      } catch (StoreException e) {
        if (!outcomes.isEmpty()) {
          tell(outcomes, arguments, console, action);
        }
        throw e;
      }
      outcomes.merge(outcome, 1, Integer::sum);
      switch (outcome) {
        case DONE, UNCHANGED -> {}
        case HELD, UNDER_WAY -> good = false;
        case ABSENT -> {
          console.err("everpost: " + QueueFilters.absent(id));
          good = false;
        }
      }
    }
    tell(outcomes, arguments, console, action);
    return good ? 0 : 1;
  }

  private static int changeAll(
      Premises premises, Arguments arguments, Console console, QueueAction action)
      throws IOException, CommandException {
    try {
      Map<Outcome, Integer> outcomes =
          premises
              .queue()
              .change(
                  QueueFilters.of(arguments),
                  action,
                  new Progress(console, premises.foundation().clock()));
      tell(outcomes, arguments, console, action);
      return 0;
    } catch (UnfinishedException e) {
      if (!e.outcomes().isEmpty()) {
        tell(e.outcomes(), arguments, console, action);
      }
      throw e.why();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }

  private static void tell(
      Map<Outcome, Integer> outcomes, Arguments arguments, Console console, QueueAction action)
      throws IOException {
    int done = outcomes.getOrDefault(Outcome.DONE, 0);
    int unchanged = outcomes.getOrDefault(Outcome.UNCHANGED, 0);
    int held = outcomes.getOrDefault(Outcome.HELD, 0);
    int underWay = outcomes.getOrDefault(Outcome.UNDER_WAY, 0);
    if (arguments.flag("--json")) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("changed", done);
      fields.put("unchanged", unchanged);
      fields.put("held", held);
      fields.put("underWay", underWay);
      fields.put("absent", outcomes.getOrDefault(Outcome.ABSENT, 0));
      console.line(Json.text(fields));
      return;
    }
    console.line(messages(done) + " " + action.done());
    if (unchanged > 0) {
      console.line(messages(unchanged) + " unchanged");
    }
    if (held > 0) {
      console.err("everpost: " + messages(held) + " held: to be released first");
    }
    if (underWay > 0) {
      console.err("everpost: " + messages(underWay) + " being sent just now, left alone");
    }
  }

  private static String messages(int number) {
    return number == 1 ? "1 message" : number + " messages";
  }
}
