package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.everpost.store.cassandra.CassandraCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes with spools on one Cassandra. One is stopped in the middle of its work, the other
 * takes over, and the first goes on without knowing: by its own clock its lease still holds, so
 * that only the versions of the partitions stand in its way.
 */
@Tag("slow")
class SpoolTakeoverTest {

  private static final int ROUNDS = 6;

  /** By so much the one who adopts is ahead of the other: more than makes a lease end. */
  private static final int MINUTES_AHEAD = 2;

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Random random = new Random(20261126);

  @Test
  void whatAStoppedNodeHadIsTheOthersAndNothingIsLostOrTwice(@TempDir Path directory)
      throws Exception {
    try (CassandraCluster cluster = CassandraCluster.start(1, directory)) {
      int port = cluster.options("spools").contactPoints().getFirst().getPort();
      try (Node a = new Node(port, "aaaaaaaaaaaaaaaa");
          Node b = new Node(port, "bbbbbbbbbbbbbbbb")) {
        Node victim = a;
        Node adopter = b;
        for (int round = 0; round < ROUNDS; round++) {
          takeOver(victim, adopter, round);
          Node other = victim;
          victim = adopter;
          adopter = other;
        }
        Set<String> last = victim.ids("all", "has ");
        assertThat(last).hasSizeGreaterThan(100 * ROUNDS);
        assertThat(adopter.ids("all", "has ")).isEmpty();
        assertThat(last).containsAll(kept(a)).containsAll(kept(b));
      }
    }
  }

  private void takeOver(Node victim, Node adopter, int round) throws Exception {
    Set<String> before = victim.ids("all", "has ");
    int enough = victim.added.size() + 100 + random.nextInt(100);
    victim.tell("work");
    victim.read(line -> victim.added.size() >= enough);
    victim.signal("STOP");

    adopter.order("clock " + MINUTES_AHEAD * (round + 1));
    adopter.order("tend");
    Set<String> adopted = adopter.ids("adopt", "adopted ");
    victim.signal("CONT");
    victim.order("work"); // its answer; and four more who have to fail
    victim.order("join");
    assertThat(victim.failures).as("round %s", round).hasSize(8 * (round / 2 + 1));

    Set<String> expected = new HashSet<>(before);
    expected.addAll(kept(victim));
    assertThat(adopted).containsAll(expected);
    Set<String> possible = new HashSet<>(before);
    possible.addAll(victim.adding);
    possible.removeAll(victim.deleted);
    assertThat(possible).containsAll(adopted);
    assertThat(adopter.ids("all", "has ")).isEqualTo(adopted);

    List<String> told = victim.order("tend");
    assertThat(told).anyMatch(line -> line.startsWith("event TakenOver"));
    assertThat(told.getLast()).isEqualTo("done true");
    assertThat(victim.ids("all", "has ")).isEmpty();
  }

  /** What must be there of what a node added. */
  private static Set<String> kept(Node node) {
    Set<String> kept = new HashSet<>(node.added);
    kept.removeAll(node.deleting);
    return kept;
  }

  /** A {@link SpoolNode}, and what it has said. */
  private static final class Node implements AutoCloseable {
    final Set<String> adding = new HashSet<>();
    final Set<String> added = new HashSet<>();
    final Set<String> deleting = new HashSet<>();
    final Set<String> deleted = new HashSet<>();
    final List<String> failures = new ArrayList<>();
    private final Process process;
    private final Writer orders;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Node(int port, String id) throws Exception {
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx256m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              SpoolNode.class.getName(),
              "" + port,
              id);
      process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
      orders = process.outputWriter(StandardCharsets.US_ASCII);
      Thread.ofVirtual().start(this::listen);
      read(line -> line.equals("ready"));
    }

    private void listen() {
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          lines.add(line);
        }
      } catch (IOException e) {
        // It was ended.
      }
      lines.add("end");
    }

    interface Wanted {
      boolean is(String line);
    }

    /** Reads up to a line that is wanted; returns all. */
    List<String> read(Wanted wanted) throws InterruptedException {
      List<String> all = new ArrayList<>();
      long deadline = System.nanoTime() + LIMIT.toNanos();
      String line;
      do {
        line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        assertThat(line).as("after %s lines", all.size()).isNotNull().isNotEqualTo("end");
        all.add(line);
        note(line);
      } while (!wanted.is(line) && System.nanoTime() < deadline);
      assertThat(wanted.is(line)).as("%s is the last of %s lines", line, all.size()).isTrue();
      return all;
    }

    private void note(String line) {
      int space = line.indexOf(' ');
      String rest = line.substring(space + 1);
      switch (space < 0 ? line : line.substring(0, space)) {
        case "adding" -> adding.add(rest);
        case "added" -> added.add(rest);
        case "deleting" -> deleting.add(rest);
        case "deleted" -> deleted.add(rest);
        case "failed" -> failures.add(rest);
        default -> {
          // Not about what it did by itself.
        }
      }
    }

    /** Does not wait until it is done. */
    void tell(String order) throws IOException {
      orders.write(order + "\n");
      orders.flush();
    }

    List<String> order(String order) throws Exception {
      tell(order);
      return read(line -> line.startsWith("done "));
    }

    /** What it names in answer to an order, each once. */
    Set<String> ids(String order, String word) throws Exception {
      Set<String> ids = new HashSet<>();
      for (String line : order(order)) {
        if (line.startsWith(word)) {
          assertThat(ids.add(line.substring(word.length()))).as(line).isTrue();
        }
      }
      return ids;
    }

    void signal(String name) throws Exception {
      assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor())
          .isZero();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
