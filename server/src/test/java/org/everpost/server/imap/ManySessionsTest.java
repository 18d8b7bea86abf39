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
    switch (random.nextInt(11)) {
      case 0, 1 -> mirror.say("APPEND INBOX (" + flag + ") {4+}\r\na: b");
      case 2 -> mirror.say("STORE " + one + " " + sign + "FLAGS (" + flag + ")", true);
      case 3 -> mirror.say("STORE " + one + ":" + other + " +FLAGS (\\Deleted)", true);
      case 4 -> mirror.say("UID STORE 1:* " + sign + "FLAGS (" + flag + ")");
      case 5 -> mirror.say("EXPUNGE");
      case 6 -> mirror.say("COPY " + one + " INBOX");
      case 7 -> mirror.say("MOVE " + one + " INBOX");
      case 8 -> mirror.say("FETCH " + one + ":" + other + " (UID FLAGS)", true);
      case 9 -> mirror.say("UID FETCH 1:* (FLAGS)");
      default -> mirror.say("NOOP");
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
