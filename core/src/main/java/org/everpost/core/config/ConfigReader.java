package org.everpost.core.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.everpost.core.event.Event;
import org.everpost.core.event.Reason;
import org.everpost.core.peer.DnsList;
import org.everpost.core.peer.IpNetwork;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dsn.Language;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads one file by the list of keys, and collects what is wrong with it. */
final class ConfigReader {

  private static final long MAX_FILE_OCTETS = 1 << 20;

  /** The longest path of the data directory: its control socket's has 107 octets at most. */
  private static final int MAX_DATA_OCTETS = 107 - "/control.sock".length();

  /** The rest of 127.0.0.0/8 counts as the Internet, as it does for connections. */
  private static final Set<InetAddress> THIS_MACHINE =
      Set.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

  private static final TomlPosition TOP = TomlPosition.positionAt(1, 1);

  private final Path file;
  private final TomlParseResult toml;
  private final List<ConfigProblem> problems = new ArrayList<>();

  private ConfigReader(Path file, TomlParseResult toml) {
    this.file = file;
    this.toml = toml;
  }

  static Config read(Path file) throws ConfigException {
    String text;
    try {
      if (Files.size(file) > MAX_FILE_OCTETS) {
        throw whole(file, "is too large to be a configuration");
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw whole(file, "there is no such file");
    } catch (AccessDeniedException e) {
      throw whole(file, "may not be read by this user");
    } catch (CharacterCodingException e) {
      throw whole(file, "is not UTF-8");
    } catch (IOException e) {
      throw whole(file, "cannot be read: " + Reason.of(e));
    }
    return new ConfigReader(file, Toml.parse(text)).config();
  }

  private static ConfigException whole(Path file, String message) {
    return new ConfigException(List.of(new ConfigProblem(file, 0, 0, message, null)));
  }

  private Config config() throws ConfigException {
    for (TomlParseError error : toml.errors()) {
      problem(error.position(), error.getMessage());
    }
    if (toml.errors().isEmpty()) {
      unknown(toml, "");
    }
    Config config = toml.errors().isEmpty() ? tree() : null;
    if (config == null || !problems.isEmpty()) {
      throw new ConfigException(
          problems.stream()
              .sorted(
                  Comparator.comparingInt(ConfigProblem::line)
                      .thenComparingInt(ConfigProblem::column))
              .distinct()
              .toList());
    }
    return config;
  }

  // ---- what should not be there ----

  private void unknown(TomlTable table, String prefix) {
    for (String key : table.keySet()) {
      String name = prefix + key;
      Object value = table.get(List.of(key));
      TomlPosition at = table.inputPositionOf(List.of(key));
      if (value instanceof TomlTable inner && ConfigKey.TABLES.contains(name)) {
        unknown(inner, name + ".");
      } else if (ConfigKey.TABLES.contains(name)) {
        problem(at, "'" + name + "' is a table: write [" + name + "]");
      } else if (!ConfigKey.BY_NAME.containsKey(name)) {
        List<String> known = new ArrayList<>(ConfigKey.BY_NAME.keySet());
        known.addAll(ConfigKey.TABLES);
        problem(at, "unknown key '" + name + "'", NearestName.of(name, known).orElse(null));
      }
    }
  }

  // ---- what should be there ----

  /** The tree, or null if a value it needs is wrong; the problems say why. */
  private @Nullable Config tree() {
    DomainName hostname = text("hostname", DomainName::of);
    Path data = path("data");
    if (data != null && data.toString().getBytes(StandardCharsets.UTF_8).length > MAX_DATA_OCTETS) {
      problem(position("data"), "'data' is longer than " + MAX_DATA_OCTETS + " octets");
    }
    Language language = text("language", Language::of);
    Config.Listen listen =
        new Config.Listen(
            listen("smtp"),
            listen("lmtp"),
            listen("submission"),
            listen("submissions"),
            listen("imap"),
            listen("imaps"),
            listen("pop3"),
            listen("pop3s"));
    Config.Tls tls = tls();
    Boolean scram = flag("auth.scram");
    StoreConfig store = store();
    Config.Dns dns = dns();
    RelayConfig relay = relay();
    Config.Queue queue = queue();
    Config.Sending sending = sending();
    Boolean tlsReports = flag("tls-reports.send");
    EmailAddress tlsContact = text("tls-reports.contact", ConfigReader::asciiAddress);
    ByteSize messageSize = size("limits.message-size");
    Integer connections = integer("limits.connections");
    Integer perAddress = integer("limits.connections-per-address");
    if (connections != null && connections < listen.addresses()) {
      problem(
          position("limits.connections"),
          "'limits.connections' is less than the "
              + listen.addresses()
              + " addresses listened on, each of which needs one");
    }
    GuardConfig guard = guard();
    Event.Level level =
        text("log.level", value -> Event.Level.valueOf(value.toUpperCase(Locale.ROOT)));
    if (hostname == null
        || data == null
        || language == null
        || scram == null
        || store == null
        || dns == null
        || relay == null
        || queue == null
        || sending == null
        || tlsReports == null
        || messageSize == null
        || connections == null
        || perAddress == null
        || guard == null
        || level == null) {
      return null;
    }
    return new Config(
        file,
        hostname,
        data,
        language,
        listen,
        tls,
        new Config.Auth(scram),
        store,
        dns,
        relay,
        queue,
        sending,
        new Config.TlsReports(tlsReports, tlsContact),
        new Config.Limits(messageSize, connections, perAddress),
        guard,
        new Config.Log(level));
  }

  private Config.Tls tls() {
    Path certificate = path("tls.certificate");
    Path key = path("tls.key");
    if (certificate == null && key != null) {
      problem(position("tls.key"), "'tls.key' needs 'tls.certificate'");
    } else if (certificate != null && key == null) {
      problem(position("tls.certificate"), "'tls.certificate' needs 'tls.key'");
    }
    return new Config.Tls(certificate, key);
  }

  private @Nullable StoreConfig store() {
    String engine = text("store.engine", value -> value);
    StoreConfig.Mode mode =
        text(
            "store.cassandra.mode",
            value -> StoreConfig.Mode.valueOf(value.toUpperCase(Locale.ROOT)));
    List<InetSocketAddress> contactPoints =
        addresses("store.cassandra.contact-points", ListenAddress::named);
    if (contactPoints.isEmpty() && value("store.cassandra.contact-points") instanceof TomlArray) {
      problem(
          position("store.cassandra.contact-points"),
          "'store.cassandra.contact-points' needs at least one");
    }
    String datacenter = text("store.cassandra.datacenter", value -> value);
    Integer replicationFactor = integer("store.cassandra.replication-factor");
    if (engine == null || mode == null || datacenter == null || replicationFactor == null) {
      return null;
    }
    return engine.equals("rocksdb")
        ? new StoreConfig.RocksDb()
        : new StoreConfig.Cassandra(mode, contactPoints, datacenter, replicationFactor);
  }

  private Config.@Nullable Dns dns() {
    List<InetSocketAddress> servers = addresses("dns.servers", ListenAddress::literal);
    if (servers.stream().anyMatch(server -> server.getPort() == 0)) {
      problem(position("dns.servers"), "'dns.servers' needs a port, which is 53 mostly");
    }
    Config.TrustAd trustAd =
        text("dns.trust-ad", value -> Config.TrustAd.valueOf(value.toUpperCase(Locale.ROOT)));
    return trustAd == null ? null : new Config.Dns(servers, trustAd);
  }

  private Config.@Nullable Queue queue() {
    Duration first = duration("queue.retry-first");
    Duration longest = duration("queue.retry-longest");
    Duration warning = duration("queue.delay-warning");
    Duration expire = duration("queue.expire");
    Integer connections = integer("queue.connections");
    Integer perDestination = integer("queue.connections-per-destination");
    if (first == null
        || longest == null
        || warning == null
        || expire == null
        || connections == null
        || perDestination == null) {
      return null;
    }
    if (longest.compareTo(first) < 0) {
      problem(
          position("queue.retry-longest"),
          "'queue.retry-longest' is less than 'queue.retry-first'");
    }
    return new Config.Queue(first, longest, warning, expire, connections, perDestination);
  }

  private @Nullable Duration duration(String name) {
    TimeSpan span = text(name, TimeSpan::of);
    return span != null && inRange(name, span.duration().toSeconds()) ? span.duration() : null;
  }

  private @Nullable RelayConfig relay() {
    Integer port = integer("relay.port");
    RelayConfig.Tls tls =
        text("relay.tls", value -> RelayConfig.Tls.valueOf(value.toUpperCase(Locale.ROOT)));
    Path authorities = path("relay.authorities-file");
    InetSocketAddress smartHost = text("relay.smart-host", ConfigReader::server);
    List<DomainName> smartHostDomains = list("relay.smart-host-domains", DomainName::of);
    if (!smartHostDomains.isEmpty()) {
      needs("relay.smart-host-domains", smartHostDomains, "relay.smart-host", smartHost);
    }
    String user = text("relay.smart-host-user", value -> value);
    Path passwordFile = path("relay.smart-host-password-file");
    needs("relay.smart-host-user", user, "relay.smart-host", smartHost);
    needs("relay.smart-host-user", user, "relay.smart-host-password-file", passwordFile);
    needs("relay.smart-host-password-file", passwordFile, "relay.smart-host-user", user);
    if (user != null && smartHost != null && isElsewhere(smartHost)) {
      problem(
          position("relay.smart-host"),
          "'relay.smart-host' has to be a name where 'relay.smart-host-user' is set");
    }
    Map<DomainName, InetSocketAddress> routes = routes();
    List<InetAddress> sources = list("relay.source-addresses", ConfigReader::ipAddress);
    return port == null || tls == null
        ? null
        : new RelayConfig(
            port,
            sources,
            tls,
            authorities,
            smartHost,
            smartHostDomains,
            user,
            passwordFile,
            routes);
  }

  private Config.@Nullable Sending sending() {
    Integer messagesPerHour = integer("sending.messages-per-hour");
    Integer recipientsPerHour = integer("sending.recipients-per-hour");
    Integer messagesPerDay = integer("sending.messages-per-day");
    Integer recipientsPerDay = integer("sending.recipients-per-day");
    Integer rampDays = integer("sending.ramp-days");
    Boolean showClient = flag("sending.show-client");
    return messagesPerHour == null
            || recipientsPerHour == null
            || messagesPerDay == null
            || recipientsPerDay == null
            || rampDays == null
            || showClient == null
        ? null
        : new Config.Sending(
            messagesPerHour,
            recipientsPerHour,
            messagesPerDay,
            recipientsPerDay,
            rampDays,
            showClient);
  }

  private @Nullable GuardConfig guard() {
    Integer strangers = integer("guard.strangers");
    List<IpNetwork> ownNetworks = list("guard.own-networks", IpNetwork::of);
    List<IpNetwork> proxies = list("guard.proxies", IpNetwork::of);
    Duration greetPause = duration("guard.greet-pause");
    Duration greylist = duration("guard.greylist");
    List<DnsList> blockLists = list("guard.block-lists", DnsList::of);
    Integer blockFrom = integer("guard.block-from");
    List<DnsList> allowLists = list("guard.allow-lists", DnsList::of);
    List<EmailAddress> traps = list("guard.traps", EmailAddress::of);
    return strangers == null || greetPause == null || greylist == null || blockFrom == null
        ? null
        : new GuardConfig(
            strangers,
            ownNetworks,
            proxies,
            greetPause,
            greylist,
            blockLists,
            allowLists,
            blockFrom,
            traps);
  }

  /** One that every server takes. */
  private static EmailAddress asciiAddress(String text) {
    EmailAddress address = EmailAddress.of(text);
    if (address.isInternationalised()) {
      throw new IllegalArgumentException("'" + text + "' is not in ASCII before the @");
    }
    return address;
  }

  /** Whether it is an address of another machine: no certificate is good for that. */
  private static boolean isElsewhere(InetSocketAddress address) {
    return !address.isUnresolved() && !THIS_MACHINE.contains(address.getAddress());
  }

  /** A host by its name or address, and the port. */
  private static InetSocketAddress server(String text) {
    InetSocketAddress address = ListenAddress.named(text);
    if (address.getPort() == 0) {
      throw new IllegalArgumentException("'" + text + "' has no port from 1 to 65535");
    }
    if (address.isUnresolved()) {
      DomainName.of(address.getHostString());
    }
    return address;
  }

  private void needs(String name, @Nullable Object value, String other, @Nullable Object its) {
    if (value != null && its == null && said(other) == null) {
      problem(position(name), "'" + name + "' needs '" + other + "'");
    }
  }

  private Map<DomainName, InetSocketAddress> routes() {
    Map<DomainName, InetSocketAddress> routes = new LinkedHashMap<>();
    if (!(value("relay.routes") instanceof TomlTable table)) {
      wrongType(key("relay.routes"));
      return routes;
    }
    for (String domain : table.keySet()) {
      TomlPosition at = table.inputPositionOf(List.of(domain));
      if (!(table.get(List.of(domain)) instanceof String text)) {
        problem(at, "'relay.routes' is " + key("relay.routes").type().words());
        continue;
      }
      try {
        routes.put(DomainName.of(domain), server(text));
      } catch (IllegalArgumentException e) {
        problem(at, "'relay.routes': " + e.getMessage());
      }
    }
    return routes;
  }

  // ---- values ----

  private static ConfigKey key(String name) {
    ConfigKey key = ConfigKey.BY_NAME.get(name);
    if (key == null) {
      throw new IllegalArgumentException(name);
    }
    return key;
  }

  /** What the file says, or else the default; null if there is neither. */
  private @Nullable Object value(String name) {
    Object said = said(name);
    String standard = key(name).standard();
    if (said != null || standard.isEmpty()) {
      return said;
    }
    return Toml.parse("x = " + standard).get("x");
  }

  private @Nullable Object said(String name) {
    TomlTable table = toml;
    String[] path = name.split("\\.", -1);
    for (int i = 0; i < path.length - 1; i++) {
      if (!(table.get(List.of(path[i])) instanceof TomlTable inner)) {
        return null;
      }
      table = inner;
    }
    return table.get(List.of(path[path.length - 1]));
  }

  private TomlPosition position(String name) {
    TomlPosition at =
        said(name) == null ? null : toml.inputPositionOf(List.of(name.split("\\.", -1)));
    return at == null ? TOP : at;
  }

  /** The text of a key, made into something else; null if it is missing or wrong. */
  private <T> @Nullable T text(String name, Function<String, @Nullable T> parse) {
    ConfigKey key = key(name);
    Object value = value(name);
    if (value == null) {
      if (key.required()) {
        problem(TOP, "'" + name + "' is missing; for example: " + name + " = " + key.example());
      }
      return null;
    }
    if (!(value instanceof String text)) {
      wrongType(key);
      return null;
    }
    if (!key.choices().isEmpty() && !key.choices().contains(text)) {
      String message = "'" + name + "' is " + key.range() + ", not \"" + text + "\"";
      problem(position(name), message, NearestName.of(text, key.choices()).orElse(null));
      return null;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      problem(position(name), "'" + name + "': " + e.getMessage());
      return null;
    }
  }

  /** A relative path counts from the directory of the file. */
  private @Nullable Path path(String name) {
    return text(
        name,
        value -> {
          if (value.isEmpty()) {
            throw new IllegalArgumentException("an empty path");
          }
          Path directory = file.toAbsolutePath().getParent();
          Path path = Path.of(value);
          return (directory == null ? path.toAbsolutePath() : directory.resolve(path)).normalize();
        });
  }

  private @Nullable ByteSize size(String name) {
    ByteSize size = text(name, ByteSize::of);
    return size != null && inRange(name, size.octets()) ? size : null;
  }

  private @Nullable Integer integer(String name) {
    if (!(value(name) instanceof Long number)) {
      wrongType(key(name));
      return null;
    }
    return inRange(name, number) ? number.intValue() : null;
  }

  private @Nullable Boolean flag(String name) {
    if (!(value(name) instanceof Boolean flag)) {
      wrongType(key(name));
      return null;
    }
    return flag;
  }

  private boolean inRange(String name, long number) {
    ConfigKey key = key(name);
    if (number >= key.least() && number <= key.most()) {
      return true;
    }
    problem(position(name), "'" + name + "' is " + key.range());
    return false;
  }

  private List<InetSocketAddress> listen(String service) {
    return addresses("listen." + service, ListenAddress::literal);
  }

  private List<InetSocketAddress> addresses(
      String name, Function<String, InetSocketAddress> parse) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    if (!(value(name) instanceof TomlArray list)) {
      wrongType(key(name));
      return addresses;
    }
    for (int i = 0; i < list.size(); i++) {
      TomlPosition at = said(name) == null ? TOP : list.inputPositionOf(i);
      if (!(list.get(i) instanceof String text)) {
        problem(at, "'" + name + "' is " + key(name).type().words());
        continue;
      }
      try {
        InetSocketAddress address = parse.apply(text);
        if (addresses.contains(address) && address.getPort() != 0) {
          problem(at, "'" + name + "' has " + text + " twice");
        }
        addresses.add(address);
      } catch (IllegalArgumentException e) {
        problem(at, "'" + name + "': " + e.getMessage());
      }
    }
    return addresses;
  }

  /** Strings, each of which is made into something else. */
  private <T> List<T> list(String name, Function<String, T> parse) {
    List<T> values = new ArrayList<>();
    if (!(value(name) instanceof TomlArray list)) {
      wrongType(key(name));
      return values;
    }
    for (int i = 0; i < list.size(); i++) {
      TomlPosition at = said(name) == null ? TOP : list.inputPositionOf(i);
      if (!(list.get(i) instanceof String text)) {
        problem(at, "'" + name + "' is " + key(name).type().words());
        continue;
      }
      try {
        values.add(parse.apply(text));
      } catch (IllegalArgumentException e) {
        problem(at, "'" + name + "': " + e.getMessage());
      }
    }
    return values;
  }

  private static InetAddress ipAddress(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
    }
  }

  private void wrongType(ConfigKey key) {
    problem(position(key.name()), "'" + key.name() + "' is " + key.type().words());
  }

  private void problem(@Nullable TomlPosition at, @Nullable String text) {
    problem(at, text, null);
  }

  private void problem(@Nullable TomlPosition at, @Nullable String text, @Nullable String nearest) {
    TomlPosition place = at == null ? TOP : at;
    String message = text == null ? "not TOML" : text;
    problems.add(new ConfigProblem(file, place.line(), place.column(), message, nearest));
  }
}
