package org.everpost.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps its picture of a mailbox by what the server tells it, as RFC 9051 §7.4.1 and
 * §7.5 and RFC 7162 say it may, and complains of everything that cannot be.
 */
final class MirrorClient implements AutoCloseable {
  private static final Pattern EXISTS = Pattern.compile("\\* (\\d+) EXISTS");
  private static final Pattern EXPUNGE = Pattern.compile("\\* (\\d+) EXPUNGE");
  private static final Pattern VANISHED = Pattern.compile("\\* VANISHED (\\(EARLIER\\) )?(.*)");
  private static final Pattern FETCH = Pattern.compile("\\* (\\d+) FETCH \\((.*)\\)");
  private static final Pattern UID = Pattern.compile("UID (\\d+)");
  private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");
  private static final Pattern MODSEQ = Pattern.compile("MODSEQ \\(?(\\d+)\\)");
  private static final Pattern CODE = Pattern.compile("\\[(UIDVALIDITY|HIGHESTMODSEQ) (\\d+)]");

  private final ImapClient client;

  /** By message number; null: not told yet. */
  private final List<@Nullable Integer> uids = new ArrayList<>();

  private final SortedMap<Integer, String> flags = new TreeMap<>();
  private final SortedMap<Integer, Long> modSeqs = new TreeMap<>();
  private long uidValidity;
  private long highestModSeq;

  /** Of the command under way: the highest MODSEQ of a message, and what HIGHESTMODSEQ said. */
  private long modSeqHeard;

  private long highestModSeqHeard;

  MirrorClient(ImapClient client) {
    this.client = client;
  }

  /** What is known of the mailbox before it is selected: a client that was away. */
  void remember(SortedMap<Integer, String> before) {
    flags.putAll(before);
  }

  /** Says a command; the tagged response. */
  String say(String command, boolean numbersInUse) {
    int before = uids.size();
    List<String> responses = client.ask(command);
    hear(responses);
    if (numbersInUse) {
      // RFC 9051 §7.5.1.
      assertThat(responses.subList(0, responses.size() - 1))
          .as(command)
          .noneMatch(response -> response.contains("EXPUNGE") || response.contains("VANISHED"));
      assertThat(uids.size()).isGreaterThanOrEqualTo(before);
    }
    return responses.getLast();
  }

  /** Hears what a command brought; what it knows all about after it (RFC 7162 §3.2). */
  private void hear(List<String> responses) {
    modSeqHeard = 0;
    highestModSeqHeard = 0;
    responses.forEach(this::hear);
    highestModSeq =
        highestModSeqHeard > 0 ? highestModSeqHeard : Math.max(highestModSeq, modSeqHeard);
  }

  /** Asks again for flags it was told: they are the same until it hears of newer ones. */
  void recall(int number) {
    Integer uid = uids.get(number - 1);
    String known = uid == null ? null : flags.get(uid);
    List<String> responses = client.ask("FETCH " + number + " (FLAGS)");
    Matcher told = FLAGS.matcher(responses.getFirst());
    assertThat(told.find()).as(responses.getFirst()).isTrue();
    if (known != null) {
      assertThat(sorted(told.group(1))).as("flags of " + uid).isEqualTo(known);
    }
    hear(responses);
  }

  String say(String command) {
    return say(command, false);
  }

  private void hear(String response) {
    Matcher exists = EXISTS.matcher(response);
    Matcher expunge = EXPUNGE.matcher(response);
    Matcher vanished = VANISHED.matcher(response);
    Matcher fetch = FETCH.matcher(response);
    Matcher code = CODE.matcher(response);
    if (exists.matches()) {
      int count = Integer.parseInt(exists.group(1));
      assertThat(count).isGreaterThanOrEqualTo(uids.size());
      while (uids.size() < count) {
        uids.add(null);
      }
    } else if (expunge.matches()) {
      Integer uid = uids.remove(/* index */ Integer.parseInt(expunge.group(1)) - 1);
      if (uid != null) {
        flags.remove(uid);
      }
    } else if (vanished.matches()) {
      for (int uid : numbers(vanished.group(2))) {
        flags.remove(uid);
        boolean known = uids.remove(/* element */ (Integer) uid);
        if (!known && vanished.group(1) == null) {
          removeUntold(uid);
        }
      }
    } else if (fetch.matches()) {
      fetched(Integer.parseInt(fetch.group(1)) - 1, fetch.group(2));
    } else if (code.find()) {
      long number = Long.parseLong(code.group(2));
      if (code.group(1).equals("UIDVALIDITY")) {
        uidValidity = number;
      } else {
        highestModSeqHeard = number;
      }
    }
  }

  /** A message went whose UID was never told: one of those where its UID would stand. */
  private void removeUntold(int uid) {
    int last = 0;
    for (Integer known : uids) {
      if (known != null && known > uid) {
        break;
      }
      last++;
    }
    assertThat(last).as("vanished " + uid + " of " + uids).isPositive();
    assertThat(uids.remove(/* index */ last - 1)).as("vanished " + uid + " of " + uids).isNull();
  }

  private void fetched(int index, String items) {
    assertThat(index).isLessThan(uids.size());
    Matcher uid = UID.matcher(items);
    if (uid.find()) {
      int told = Integer.parseInt(uid.group(1));
      Integer known = uids.set(index, told);
      assertThat(known == null || known == told).as(known + " is " + told).isTrue();
    }
    Matcher told = FLAGS.matcher(items);
    Integer whose = uids.get(index);
    Matcher modSeq = MODSEQ.matcher(items);
    if (modSeq.find() && whose != null) {
      long now = Long.parseLong(modSeq.group(1));
      modSeqHeard = Math.max(modSeqHeard, now);
      Long past = modSeqs.put(whose, now);
      assertThat(past == null || past <= now).as(past + " came before " + now).isTrue();
    }
    if (told.find() && whose != null) {
      flags.put(whose, sorted(told.group(1)));
    }
  }

  static String sorted(String flags) {
    return String.join(" ", new TreeSet<>(List.of(flags.split(" ", -1))));
  }

  private static List<Integer> numbers(String set) {
    List<Integer> numbers = new ArrayList<>();
    for (String range : set.split(",", -1)) {
      int colon = range.indexOf(':');
      int first = Integer.parseInt(colon < 0 ? range : range.substring(0, colon));
      int last = colon < 0 ? first : Integer.parseInt(range.substring(colon + 1));
      for (int number = first; number <= last; number++) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  int count() {
    return uids.size();
  }

  long uidValidity() {
    return uidValidity;
  }

  long highestModSeq() {
    return highestModSeq;
  }

  /** Asks for what it has not been told, and no more. */
  void complete() {
    if (uids.contains(null)) {
      say("UID FETCH 1:* (UID)");
    }
    for (Integer uid : uids.stream().filter(Objects::nonNull).toList()) {
      if (!flags.containsKey(uid)) {
        say("UID FETCH " + uid + " (FLAGS)");
      }
    }
  }

  /** Flags by UID. */
  SortedMap<Integer, String> picture() {
    return new TreeMap<>(flags);
  }

  /** MODSEQs by UID, where they were told. */
  SortedMap<Integer, Long> modSeqs() {
    return new TreeMap<>(modSeqs);
  }

  /** The numbers of the messages that have a flag, as SEARCH lists them. */
  String numbersWith(String flag) {
    StringBuilder numbers = new StringBuilder();
    for (int i = 0; i < uids.size(); i++) {
      Integer uid = uids.get(i);
      if (uid != null && List.of(flags.getOrDefault(uid, "").split(" ", -1)).contains(flag)) {
        numbers.append(' ').append(i + 1);
      }
    }
    return numbers.toString();
  }

  ImapClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
  }
}
