import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;
import org.everpost.testkit.botnet.Behaviour;
import org.everpost.testkit.botnet.Flood;
import org.everpost.testkit.botnet.Networks;
import org.everpost.testkit.botnet.Service;
import org.everpost.testkit.botnet.Siege;
import org.everpost.testkit.botnet.Target;
import org.everpost.testkit.dns.DnsStandIn;

/** Where those come from who were there before, and those of the flood that is measured after them. */
final Networks EARLIER = new Networks(16, 107, 1, 1);

final Networks AGAIN = new Networks(108, 199, 1, 1);

/**
 * For botnet.py: one siege. Arguments: the address and port (0: any) of a name server, which counts
 * what it is asked. Says where it is, reads the name of a file with what is to be done, and says
 * what it does and what came of it, line by line.
 */
void main(String[] args) throws Exception {
  DnsStandIn dns = DnsStandIn.start(args[0], Integer.parseInt(args[1]));
  IO.println("dns\t" + dns.address().getPort());
  Properties order = order();
  if (order.containsKey("practice")) {
    practise(order);
    IO.println("practised");
    order = order();
  }
  Target target = target(order);
  boolean again = order.containsKey("again");
  Siege siege =
      new Siege(
          order.getProperty("name"),
          target,
          flood(order, target, again ? AGAIN : Networks.BOTS),
          again ? flood(order, target, EARLIER) : Optional.empty(),
          seconds(order, "acquaintance"),
          seconds(order, "quiet"),
          seconds(order, "flood"),
          seconds(order, "after"),
          seconds(order, "retry"),
          Optional.ofNullable(order.getProperty("status")),
          Long.parseLong(order.getProperty("pid")),
          dns::count);
  Siege.Result result = siege.run(phase -> IO.println("phase\t" + phase));
  Files.write(Path.of(order.getProperty("chronicle")), result.chronicle().lines());
  Files.write(
      Path.of(order.getProperty("entries")),
      result.entries().stream().map(Object::toString).toList());
  result.figures().forEach((name, value) -> IO.println("figure\t" + name + "\t" + value));
  System.exit(0); // whatever still waits for a reply has had its time
}

Properties order() throws IOException {
  Properties order = new Properties();
  try (var reader = Files.newBufferedReader(Path.of(IO.readln()), StandardCharsets.UTF_8)) {
    order.load(reader);
  }
  return order;
}

/** The attack for a while, so that what compiles the generator has done that before it is measured. */
void practise(Properties order) throws InterruptedException {
  Optional<Flood> flood = flood(order, target(order), EARLIER);
  if (flood.isPresent()) {
    try (var _ = org.everpost.testkit.botnet.Botnet.unleash(flood.get())) {
      Thread.sleep(seconds(order, "practice"));
    }
  }
}

Target target(Properties order) {
  Map<Service, Integer> ports = new EnumMap<>(Service.class);
  for (Service service : Service.values()) {
    String port = order.getProperty("port." + service);
    if (port != null) {
      ports.put(service, Integer.parseInt(port));
    }
  }
  List<String> mailboxes =
      IntStream.range(0, Integer.parseInt(order.getProperty("mailboxes")))
          .mapToObj(i -> "u" + i + "@example.test")
          .toList();
  return new Target(ports, mailboxes, order.getProperty("password"));
}

Optional<Flood> flood(Properties order, Target target, Networks networks) {
  Map<Behaviour, Integer> mix = new EnumMap<>(Behaviour.class);
  for (String share : order.getProperty("mix", "").split(",")) {
    if (!share.isEmpty()) {
      mix.put(Behaviour.valueOf(share.split(":")[0]), Integer.parseInt(share.split(":")[1]));
    }
  }
  if (mix.isEmpty()) {
    return Optional.empty();
  }
  return Optional.of(
      new Flood(
          target,
          Integer.parseInt(order.getProperty("bots")),
          mix,
          new Networks(
              networks.first(),
              networks.last(),
              Integer.parseInt(order.getProperty("per-24")),
              Integer.parseInt(order.getProperty("per-21"))),
          Integer.parseInt(order.getProperty("rate")),
          Duration.ofMillis(Long.parseLong(order.getProperty("pause-millis"))),
          Long.parseLong(order.getProperty("seed", "1"))));
}

Duration seconds(Properties order, String name) {
  return Duration.ofSeconds(Long.parseLong(order.getProperty(name)));
}
