package org.everpost.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.MessageList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several sessions change one mailbox; what each was told adds up to what there is. */
class ManySessionsTest {
  private static final String[] FLAGS = {"\\Seen", "\\Flagged", "\\Answered", "$Forwarded", "blue"};

  private final ImapHouse house = new ImapHouse();

  @AfterEach
  void close() {
    house.close();
    assertThat(house.errors()).isEmpty();
  }

  /** What a session does next, with numbers as its client knows them. */
  private static void act(MirrorClient mirror, SplittableRandom random) {
    int count = mirror.count();
    int one = count == 0 ? 1 : random.nextInt(count) + 1;
    int other = count == 0 ? 1 : random.nextInt(count) + 1;
    String flag = FLAGS[random.nextInt(FLAGS.length)];
    String sign = random.nextBoolean() ? "+" : "-";
    switch (random.nextInt(12)) {
      case 0, 1 -> mirror.say("APPEND INBOX (" + flag + ") {4+}\r\na: b");
      case 2 -> mirror.say("STORE " + one + " " + sign + "FLAGS (" + flag + ")", true);
      case 3 -> mirror.say("STORE " + one + ":" + other + " +FLAGS (\\Deleted)", true);
      case 4 -> mirror.say("UID STORE 1:* " + sign + "FLAGS (" + flag + ")");
      case 5 -> mirror.say("EXPUNGE");
      case 6 -> mirror.say("COPY " + one + " INBOX");
      case 7 -> mirror.say("MOVE " + one + " INBOX");
      case 8 -> mirror.say("FETCH " + one + ":" + other + " (UID FLAGS)", true);
      case 9 -> mirror.say("UID FETCH 1:* (FLAGS)");
      case 10 -> recall(mirror, one);
      default -> mirror.say("NOOP");
    }
  }

  private static void recall(MirrorClient mirror, int number) {
    if (mirror.count() > 0) {
      mirror.recall(number);
    }
  }

  private void visit(long seed, boolean qresync, int steps, Phaser barrier) {
    SplittableRandom random = new SplittableRandom(seed);
    try (MirrorClient mirror = new MirrorClient(house.login("alice"))) {
      if (qresync) {
        mirror.say("ENABLE QRESYNC");
      }
      mirror.say("SELECT INBOX");
      for (int i = 0; i < steps; i++) {
        act(mirror, random);
      }
      barrier.arriveAndAwaitAdvance();
      mirror.say("NOOP");
      mirror.complete();
      assertThat(mirror.picture()).as("seed " + seed).isEqualTo(truth());
    }
  }

  private SortedMap<Integer, String> truth() {
    try (MirrorClient fresh = new MirrorClient(house.login("alice"))) {
      fresh.say("EXAMINE INBOX");
      if (fresh.count() > 0) {
        fresh.say("FETCH 1:* (UID FLAGS)");
      }
      return fresh.picture();
    }
  }

  @Test
  void everySessionSeesWhatThereIs() throws InterruptedException {
    int sessions = 4;
    for (int i = 0; i < 5; i++) {
      house.deliver("alice", ImapHouse.message("m" + i));
    }
    for (int round = 0; round < 3; round++) {
      Phaser barrier = new Phaser(sessions);
      List<Future<?>> running = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int s = 0; s < sessions; s++) {
          long seed = 100L * round + s;
          boolean qresync = s % 2 == 1;
          running.add(
              threads.submit(() -> {
                try {
                  visit(seed, qresync, 40, barrier);
                } finally {
                  barrier.arriveAndDeregister();
                }
              }));
        }
      }
      for (Future<?> one : running) {
        try {
          one.get();
        } catch (ExecutionException e) {
          throw new AssertionError("round " + round, e.getCause());
        }
      }
    }
  }

  @Test
  void changesReachAnIdleSession() {
    try (ImapClient idle = house.login("alice");
        ImapClient busy = house.login("alice")) {
      idle.ok("SELECT INBOX");
      busy.ok("SELECT INBOX");
      String tag = idle.send("IDLE");
      assertThat(idle.read()).isEqualTo("+ idling");
      for (int i = 1; i <= 20; i++) {
        busy.append("INBOX", ImapHouse.message("m" + i));
        String heard;
        do {
          heard = String.valueOf(idle.read());
        } while (!heard.equals("* " + i + " EXISTS"));
      }
      busy.ok("STORE 5 +FLAGS (\\Deleted)");
      assertThat(idle.read()).isEqualTo("* 5 FETCH (UID 5 FLAGS (\\Deleted))");
      busy.ok("EXPUNGE");
      assertThat(idle.read()).isEqualTo("* 5 EXPUNGE");
      idle.connection().line("DONE");
      assertThat(idle.until(tag)).containsExactly("OK IDLE completed");
    }
  }

  /** What a session does that hears of no expunge meanwhile (RFC 9051 §7.5.1). */
  private static void useNumbers(MirrorClient mirror, SplittableRandom random) {
    int one = random.nextInt(mirror.count()) + 1;
    int other = random.nextInt(mirror.count()) + 1;
    String flag = FLAGS[random.nextInt(FLAGS.length)];
    String sign = random.nextBoolean() ? "+" : "-";
    switch (random.nextInt(5)) {
      case 0 -> mirror.say("STORE " + one + " " + sign + "FLAGS (" + flag + ")", true);
      case 1 -> mirror.say("STORE " + one + ":" + other + " FLAGS.SILENT (" + flag + ")", true);
      case 2 -> mirror.say("FETCH " + one + " BODY[]", true);
      case 3 -> mirror.say("SEARCH ANSWERED", true);
      default -> mirror.say("UID SEARCH " + one + ":" + other, true);
    }
  }

  /** RFC 9051 §5.2: all but expunges is told at once, and counts; no NOOP is needed. */
  @Test
  void onlyExpungesWait() {
    for (int i = 0; i < 5; i++) {
      house.deliver("bob", ImapHouse.message("m" + i));
    }
    for (long seed = 0; seed < 8; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      boolean qresync = seed % 2 == 1;
      try (MirrorClient mine = new MirrorClient(house.login("bob"));
          MirrorClient others = new MirrorClient(house.login("bob"))) {
        if (qresync) {
          mine.say("ENABLE QRESYNC");
        }
        others.say("SELECT INBOX");
        others.say("APPEND INBOX {4+}\r\na: b");
        mine.say("SELECT INBOX");
        for (int i = 0; i < 25; i++) {
          act(others, random);
          useNumbers(mine, random);
          mine.say("FETCH 1:* (UID FLAGS" + (qresync ? " MODSEQ)" : ")"), true);
          checkAllButExpunges(mine, qresync, "seed " + seed + ", step " + i);
          if (qresync && i % 5 == 0) {
            checkReconnected(mine, "seed " + seed + ", step " + i);
          }
        }
      }
    }
  }

  private MailboxView inbox() {
    MailAccount mail = house.mail("bob");
    return mail.load(mail.view().inbox().id()).orElseThrow();
  }

  private static SortedMap<Integer, String> flags(MailboxView inbox) {
    SortedMap<Integer, String> flags = new TreeMap<>();
    FlagList names = new FlagList(inbox.keywords());
    MessageList list = inbox.loaded();
    for (int i = 0; i < list.count(); i++) {
      flags.put(list.uid(i), MirrorClient.sorted(String.join(" ", names.names(list.flags(i)))));
    }
    return flags;
  }

  private void checkAllButExpunges(MirrorClient mirror, boolean modSeqs, String when) {
    MailboxView inbox = inbox();
    assertThat(mirror.picture()).as(when).containsAllEntriesOf(flags(inbox));
    MessageList list = inbox.loaded();
    for (int i = 0; modSeqs && i < list.count(); i++) {
      assertThat(mirror.modSeqs()).as(when).containsEntry(list.uid(i), list.modSeq(i));
    }
    assertThat(mirror.client().ok("SEARCH FLAGGED").getFirst())
        .as(when)
        .isEqualTo("* SEARCH" + mirror.numbersWith("\\Flagged"));
  }

  /** RFC 7162 §3.2: the connection may break at any time. */
  private void checkReconnected(MirrorClient before, String when) {
    try (MirrorClient back = new MirrorClient(house.login("bob"))) {
      back.say("ENABLE QRESYNC");
      back.remember(before.picture());
      back.say(
          "EXAMINE INBOX (QRESYNC (" + before.uidValidity() + " " + before.highestModSeq() + "))");
      back.complete();
      assertThat(back.picture()).as(when).isEqualTo(flags(inbox()));
    }
  }

  /** RFC 7162 §3.2: a client that was away hears what it missed, and no more is needed. */
  @Test
  void whoWasAwayCatchesUp() {
    for (long seed = 0; seed < 6; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      try (MirrorClient busy = new MirrorClient(house.login("bob"))) {
        busy.say("SELECT INBOX");
        String asked = "";
        SortedMap<Integer, String> known = new TreeMap<>();
        for (int round = 0; round < 8; round++) {
          for (int i = random.nextInt(12); i >= 0; i--) {
            act(busy, random);
          }
          try (MirrorClient back = new MirrorClient(house.login("bob"))) {
            back.say("ENABLE QRESYNC");
            back.remember(known);
            back.say("SELECT INBOX" + asked);
            if (asked.isEmpty() && back.count() > 0) {
              back.say("FETCH 1:* (UID FLAGS)");
            }
            try (MirrorClient fresh = new MirrorClient(house.login("bob"))) {
              fresh.say("EXAMINE INBOX");
              if (fresh.count() > 0) {
                fresh.say("FETCH 1:* (UID FLAGS)");
              }
              assertThat(back.picture()).as("seed " + seed).isEqualTo(fresh.picture());
            }
            known = back.picture();
            asked = " (QRESYNC (" + back.uidValidity() + " " + back.highestModSeq() + "))";
          }
        }
      }
    }
  }
}
