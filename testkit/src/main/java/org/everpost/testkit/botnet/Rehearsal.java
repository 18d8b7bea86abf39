package org.everpost.testkit.botnet;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A few seconds of everything that happens to a server: honest senders, users, and bots of every
 * kind. While they last, the Java virtual machine of the server learns what will be needed often.
 */
public final class Rehearsal {

  private static final int BOTS = 600;
  private static final int CONNECTS_PER_SECOND = 300;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LENGTH = Duration.ofSeconds(8);

  /** How long a server that rehearses may have new senders wait. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private Rehearsal() {}

  /**
   * Does it.
   *
   * @param args a mailbox and its password; then the ports of all services, as in {@code smtp=25}
   */
  public static void main(String[] args) throws InterruptedException {
    Target target = new Target(ports(args), List.of(args[0]), args[1]);
    Map<Behaviour, Integer> mix =
        Arrays.stream(Behaviour.values()).collect(Collectors.toMap(each -> each, _ -> 1));
    Flood flood = new Flood(target, BOTS, mix, Networks.BOTS, CONNECTS_PER_SECOND, PAUSE, 1);
    Journal journal = new Journal();
    try (HonestSenders senders = new HonestSenders(target, journal, RETRY_AFTER);
        Users users = new Users(target, journal);
        Botnet _ = Botnet.unleash(flood)) {
      boolean _ = senders.introduce();
      senders.begin();
      users.begin();
      Thread.sleep(LENGTH);
    }
    System.exit(0); // whoever still waits for a reply has had his time
  }

  private static Map<Service, Integer> ports(String[] args) {
    Map<Service, Integer> ports = new EnumMap<>(Service.class);
    for (String arg : Arrays.asList(args).subList(2, args.length)) {
      String[] parts = arg.split("=", 2);
      ports.put(Service.valueOf(parts[0].toUpperCase(Locale.ROOT)), Integer.parseInt(parts[1]));
    }
    return ports;
  }
}
