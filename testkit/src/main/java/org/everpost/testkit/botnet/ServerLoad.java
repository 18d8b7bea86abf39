package org.everpost.testkit.botnet;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the processes of a server use, as Linux tells it.
 *
 * @param cpuSeconds processor time of all that live, and of those the first has seen end
 * @param residentOctets memory each of them has in use, also what they share
 * @param privateOctets memory nobody shares with them
 */
record ServerLoad(double cpuSeconds, long residentOctets, long privateOctets) {

  private static final Path PROC = Path.of("/proc");
  private static final double TICKS_PER_SECOND = 100;

  // Numbers of the fields in /proc/PID/stat, as proc(5) counts them.
  private static final int PARENT = 4;
  private static final int USER_TIME = 14;
  private static final int SYSTEM_TIME = 15;
  private static final int CHILDREN_USER_TIME = 16;
  private static final int CHILDREN_SYSTEM_TIME = 17;
  private static final int FIRST_AFTER_NAME = 3;

  /** Of a process and all below it; nothing, once it is gone. */
  static ServerLoad of(long pid) {
    Map<Long, List<String>> processes = processes();
    double ticks = 0;
    long resident = 0;
    long unshared = 0;
    for (long each : tree(pid, processes)) {
      List<String> stat = processes.get(each);
      if (stat == null) {
        continue;
      }
      ticks += number(stat, USER_TIME) + number(stat, SYSTEM_TIME);
      if (each == pid) {
        ticks += number(stat, CHILDREN_USER_TIME) + number(stat, CHILDREN_SYSTEM_TIME);
      }
      for (String line : lines(PROC.resolve(each + "/smaps_rollup"))) {
        if (line.startsWith("Rss:")) {
          resident += octets(line);
        } else if (line.startsWith("Private_Clean:") || line.startsWith("Private_Dirty:")) {
          unshared += octets(line);
        }
      }
    }
    return new ServerLoad(ticks / TICKS_PER_SECOND, resident, unshared);
  }

  private static List<Long> tree(long pid, Map<Long, List<String>> processes) {
    Map<Long, List<Long>> children = new HashMap<>();
    processes.forEach((each, stat) ->
        children.computeIfAbsent(number(stat, PARENT), _ -> new ArrayList<>()).add(each));
    List<Long> tree = new ArrayList<>();
    Deque<Long> next = new ArrayDeque<>(List.of(pid));
    while (!next.isEmpty()) {
      long each = next.pop();
      tree.add(each);
      next.addAll(children.getOrDefault(each, List.of()));
    }
    return tree;
  }

  /** The fields after the name, which may contain anything. */
  private static Map<Long, List<String>> processes() {
    Map<Long, List<String>> processes = new HashMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path each : all) {
        String stat = String.join(" ", lines(each.resolve("stat")));
        int nameEnd = stat.lastIndexOf(')');
        if (nameEnd > 0) {
          long pid = Long.parseLong(each.getFileName().toString());
          processes.put(pid, List.of(stat.substring(nameEnd + 2).split(" ", -1)));
        }
      }
    } catch (IOException e) {
      return processes;
    }
    return processes;
  }

  private static long number(List<String> stat, int field) {
    return Long.parseLong(stat.get(field - FIRST_AFTER_NAME));
  }

  private static long octets(String line) {
    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
  }

  /** None, when the process has gone meanwhile. */
  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
