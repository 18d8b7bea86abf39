package org.everpost.testkit.botnet;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.everpost.testkit.botnet.Journal.Series;
import org.everpost.testkit.smtp.ScriptedPeer;

/**
 * A few seconds of everything that happens to a server: honest senders, users, mail that leaves,
 * and bots of every kind. While they last, the Java virtual machine of the server learns what will
 * be needed often.
 */
public final class Rehearsal {

  private static final int BOTS = 600;
  private static final int CONNECTS_PER_SECOND = 300;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LENGTH = Duration.ofSeconds(8);

  /** How long a server that rehearses may have new senders wait. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /** Who sends what leaves, one message after the other. */
  private static final int CORRESPONDENTS = 4;

  private static final Duration CORRESPONDENCE_PAUSE = Duration.ofMillis(5);

  private Rehearsal() {}

  /**
   * Does it.
   *
   * @param args a mailbox and its password; an address that is forwarded, and the address of
   *     loopback and the port where the server takes what is sent there; then the ports of all
   *     services, as in {@code smtp=25}
   */
  public static void main(String[] args) throws InterruptedException {
    List<String> all = Arrays.asList(args);
    Target target = new Target(ports(all.subList(5, all.size())), List.of(args[0]), args[1]);
    Map<Behaviour, Integer> mix =
        Arrays.stream(Behaviour.values()).collect(Collectors.toMap(each -> each, _ -> 1));
    Flood flood = new Flood(target, BOTS, mix, Networks.BOTS, CONNECTS_PER_SECOND, PAUSE, 1);
    Journal journal = new Journal();
    int port = Integer.parseInt(args[4]);
    try (ScriptedPeer _ = new ScriptedPeer(args[3], port, "mx.example.test", null, "PIPELINING");
        HonestSenders senders = new HonestSenders(target, journal, RETRY_AFTER);
        Users users = new Users(target, journal);
        Pace correspondents = new Pace();
        Botnet _ = Botnet.unleash(flood)) {
      boolean _ = senders.introduce();
      senders.begin();
      users.begin();
      for (int i = 0; i < CORRESPONDENTS; i++) {
        String sender = "correspondent" + i + "@supplier.example";
        correspondents.repeatedly(
            CORRESPONDENCE_PAUSE,
            number -> {
              var _ =
                  new Letter(Series.KNOWN, number, Service.SMTP, LOOPBACK, sender, args[2], false)
                      .attempt(target, journal, 1);
            });
      }
      Thread.sleep(LENGTH);
    }
    System.exit(0); // whoever still waits for a reply has had his time
  }

  private static Map<Service, Integer> ports(List<String> args) {
    Map<Service, Integer> ports = new EnumMap<>(Service.class);
    for (String arg : args) {
      String[] parts = arg.split("=", 2);
      ports.put(Service.valueOf(parts[0].toUpperCase(Locale.ROOT)), Integer.parseInt(parts[1]));
    }
    return ports;
  }
}
