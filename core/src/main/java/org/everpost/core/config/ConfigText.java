package org.everpost.core.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The configuration as text: what is set, what can be set, and a file to begin with. */
public final class ConfigText {

  private static final int WIDTH = 96;

  private ConfigText() {}

  /**
   * Every key with its value, in the order of the reference page: strings, numbers, flags, lists of
   * strings, and a table of strings. Keys without a value are left out.
   */
  public static Map<String, Object> values(Config config) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("hostname", config.hostname().ascii());
    values.put("data", config.data().toString());
    values.put("language", config.language().tag());
    Config.Listen listen = config.listen();
    values.put("listen.smtp", texts(listen.smtp()));
    values.put("listen.lmtp", texts(listen.lmtp()));
    values.put("listen.submission", texts(listen.submission()));
    values.put("listen.submissions", texts(listen.submissions()));
    values.put("listen.imap", texts(listen.imap()));
    values.put("listen.imaps", texts(listen.imaps()));
    values.put("listen.pop3", texts(listen.pop3()));
    values.put("listen.pop3s", texts(listen.pop3s()));
    put(values, "tls.certificate", config.tls().certificate());
    put(values, "tls.key", config.tls().key());
    values.put("auth.scram", config.auth().scram());
    values.put("store.engine", config.store().engine());
    if (config.store() instanceof StoreConfig.Cassandra cassandra) {
      values.put("store.cassandra.mode", cassandra.mode().name().toLowerCase(Locale.ROOT));
      values.put("store.cassandra.contact-points", texts(cassandra.contactPoints()));
      values.put("store.cassandra.datacenter", cassandra.datacenter());
      values.put("store.cassandra.replication-factor", cassandra.replicationFactor());
    }
    values.put("dns.servers", texts(config.dns().servers()));
    values.put("dns.trust-ad", config.dns().trustAd().name().toLowerCase(Locale.ROOT));
    relay(config.relay(), values);
    Config.Queue queue = config.queue();
    values.put("queue.retry-first", span(queue.retryFirst()));
    values.put("queue.retry-longest", span(queue.retryLongest()));
    values.put("queue.delay-warning", span(queue.delayWarning()));
    values.put("queue.expire", span(queue.expire()));
    values.put("queue.connections", queue.connections());
    values.put("queue.connections-per-destination", queue.connectionsPerDestination());
    Config.Sending sending = config.sending();
    values.put("sending.messages-per-hour", sending.messagesPerHour());
    values.put("sending.recipients-per-hour", sending.recipientsPerHour());
    values.put("sending.messages-per-day", sending.messagesPerDay());
    values.put("sending.recipients-per-day", sending.recipientsPerDay());
    values.put("sending.ramp-days", sending.rampDays());
    values.put("sending.show-client", sending.showClient());
    values.put("tls-reports.send", config.tlsReports().send());
    if (config.tlsReports().contact() != null) {
      values.put("tls-reports.contact", config.tlsReports().contact().toString());
    }
    values.put("limits.message-size", config.limits().messageSize().toString());
    values.put("limits.connections", config.limits().connections());
    values.put("limits.connections-per-address", config.limits().connectionsPerAddress());
    guard(config.guard(), values);
    values.put("log.level", config.log().level().name().toLowerCase(Locale.ROOT));
    return values;
  }

  private static String span(Duration duration) {
    return new TimeSpan(duration).toString();
  }

  private static void relay(RelayConfig relay, Map<String, Object> values) {
    values.put("relay.port", relay.port());
    values.put(
        "relay.source-addresses",
        relay.sourceAddresses().stream().map(InetAddress::getHostAddress).toList());
    values.put("relay.tls", relay.tls().name().toLowerCase(Locale.ROOT));
    put(values, "relay.authorities-file", relay.authoritiesFile());
    if (relay.smartHost() != null) {
      values.put("relay.smart-host", ListenAddress.text(relay.smartHost()));
    }
    values.put("relay.smart-host-domains", strings(relay.smartHostDomains()));
    if (relay.smartHostUser() != null) {
      values.put("relay.smart-host-user", relay.smartHostUser());
    }
    put(values, "relay.smart-host-password-file", relay.smartHostPasswordFile());
    Map<String, String> routes = new TreeMap<>();
    relay.routes().forEach((name, host) -> routes.put(name.ascii(), ListenAddress.text(host)));
    values.put("relay.routes", routes);
  }

  private static void guard(GuardConfig guard, Map<String, Object> values) {
    values.put("guard.strangers", guard.strangers());
    values.put("guard.own-networks", strings(guard.ownNetworks()));
    values.put("guard.proxies", strings(guard.proxies()));
    values.put("guard.greet-pause", span(guard.greetPause()));
    values.put("guard.greylist", span(guard.greylist()));
    values.put("guard.block-lists", strings(guard.blockLists()));
    values.put("guard.block-from", guard.blockFrom());
    values.put("guard.allow-lists", strings(guard.allowLists()));
    values.put("guard.traps", strings(guard.traps()));
  }

  private static List<String> strings(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }

  private static void put(Map<String, Object> values, String name, @Nullable Path path) {
    if (path != null) {
      values.put(name, path.toString());
    }
  }

  private static List<String> texts(List<InetSocketAddress> addresses) {
    return addresses.stream().map(ListenAddress::text).toList();
  }

  /** The effective configuration, as a file that says all of it. */
  public static String toml(Config config) {
    StringBuilder text = new StringBuilder();
    String table = "";
    for (Map.Entry<String, Object> entry : values(config).entrySet()) {
      int dot = entry.getKey().lastIndexOf('.');
      String its = dot < 0 ? "" : entry.getKey().substring(0, dot);
      if (!its.equals(table)) {
        table = its;
        text.append("\n[").append(table).append("]\n");
      }
      text.append(entry.getKey().substring(dot + 1))
          .append(" = ")
          .append(toml(entry.getValue()))
          .append('\n');
    }
    return text.toString();
  }

  private static String toml(Object value) {
    return switch (value) {
      case List<?> list ->
          list.stream().map(ConfigText::toml).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> toml(e.getKey()) + " = " + toml(e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Integer number -> number.toString();
      case Boolean flag -> flag.toString();
      default -> "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    };
  }

  /** A file with every key, its explanation and its default. */
  public static String sample() {
    StringBuilder text =
        new StringBuilder(
            """
            # Everpost reads ./everpost.toml, then /etc/everpost/everpost.toml, or what --config says.
            # A line that begins with # and a key shows an example or a default.
            """);
    String table = "";
    for (ConfigKey key : ConfigKey.ALL) {
      if (!key.table().equals(table)) {
        table = key.table();
        text.append("\n[").append(table).append("]\n");
      }
      text.append('\n');
      for (String line : wrap(key.explanation().replace("`", ""))) {
        text.append("# ").append(line).append('\n');
      }
      text.append(key.required() ? "" : "#")
          .append(key.shortName())
          .append(" = ")
          .append(key.example())
          .append('\n');
    }
    return text.toString();
  }

  /** The reference page. */
  public static String reference() {
    StringBuilder text =
        new StringBuilder(
            """
            # Configuration

            One TOML file: the one given by `--config`, or else `./everpost.toml`, or else
            `/etc/everpost/everpost.toml`. An unknown key, a wrong type or a value out of range stops
            the start; every problem is shown at once, with file, line and column.
            `everpost config check` does only that; `everpost config show` prints what is in effect.

            Sizes carry a unit: kB, MB, GB and TB count by 1000, KiB, MiB, GiB and TiB by 1024.
            Domains, accounts and aliases are not configured here but by commands, see
            [operations](operations.md).

            A file with all keys to begin with is [everpost.toml](everpost.toml). This page and that
            file are generated from the program.
            """);
    String table = " ";
    for (ConfigKey key : ConfigKey.ALL) {
      if (!key.table().equals(table)) {
        table = key.table();
        text.append("\n## ").append(table.isEmpty() ? "General" : "[" + table + "]").append('\n');
      }
      text.append("\n### `").append(key.name()).append("`\n\n");
      text.append(key.explanation()).append("\n\n");
      text.append("- Type: ").append(key.type().words());
      text.append(key.range().isEmpty() ? "" : ", " + key.range()).append('\n');
      text.append("- Default: ").append(standard(key)).append('\n');
      text.append("- Example: `")
          .append(key.shortName())
          .append(" = ")
          .append(key.example())
          .append("`\n");
    }
    return text.toString();
  }

  private static String standard(ConfigKey key) {
    if (key.required()) {
      return "none, it has to be there";
    }
    if (key.standard().isEmpty()) {
      return "none";
    }
    boolean off = key.standard().equals("[]") && key.table().equals("listen");
    return "`" + key.standard() + "`" + (off ? " (off)" : "");
  }

  private static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() >= WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
