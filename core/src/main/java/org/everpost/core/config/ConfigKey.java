package org.everpost.core.config;

import static org.everpost.core.config.ConfigType.ADDRESSES;
import static org.everpost.core.config.ConfigType.DNS_LISTS;
import static org.everpost.core.config.ConfigType.DOMAINS;
import static org.everpost.core.config.ConfigType.DURATION;
import static org.everpost.core.config.ConfigType.FLAG;
import static org.everpost.core.config.ConfigType.INTEGER;
import static org.everpost.core.config.ConfigType.IP_ADDRESSES;
import static org.everpost.core.config.ConfigType.MAIL_ADDRESSES;
import static org.everpost.core.config.ConfigType.NETWORKS;
import static org.everpost.core.config.ConfigType.PATH;
import static org.everpost.core.config.ConfigType.ROUTES;
import static org.everpost.core.config.ConfigType.SIZE;
import static org.everpost.core.config.ConfigType.TEXT;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One key of the configuration. This list is the only place that knows them all: the reader, the
 * reference page and the sample follow it.
 *
 * @param name with the names of its tables, as in {@code listen.smtp}
 * @param standard the default as TOML; empty: none
 * @param required whether the file has to say it
 * @param example as TOML, for the sample
 * @param explanation whole sentences
 * @param choices for a text: what it may be; empty: anything
 * @param least for a number or a size: the smallest that is taken
 * @param most the largest
 */
record ConfigKey(
    String name,
    ConfigType type,
    String standard,
    boolean required,
    String example,
    String explanation,
    List<String> choices,
    long least,
    long most) {

  /** All keys, in the order of the reference page. */
  static final List<ConfigKey> ALL =
      Stream.of(
              general(),
              listen(),
              tls(),
              auth(),
              store(),
              dns(),
              relay(),
              queue(),
              sending(),
              tlsReports(),
              limits(),
              guard(),
              log())
          .flatMap(List::stream)
          .toList();

  static final Map<String, ConfigKey> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(ConfigKey::name, key -> key));

  /** The names of all tables, without those of the keys. */
  static final List<String> TABLES =
      List.of(
          "listen",
          "tls",
          "auth",
          "store",
          "store.cassandra",
          "dns",
          "relay",
          "queue",
          "sending",
          "tls-reports",
          "limits",
          "guard",
          "log");

  private static List<ConfigKey> general() {
    return List.of(
        key("hostname", TEXT, "", "\"mx1.example.test\"")
            .explained(
                "The name of this machine in greetings, in Received lines and in the self-signed"
                    + " certificate. The MX record of your domains should point to it.")
            .asRequired(),
        key("data", PATH, "", "\"/var/lib/everpost\"")
            .explained(
                "The directory where everything is kept that has to survive: mail, accounts, the"
                    + " self-signed certificate and the control socket. It is made if it is not"
                    + " there. A relative path counts from the directory of this file.")
            .asRequired(),
        key("language", TEXT, "\"en\"", "\"en\"")
            .explained(
                "What your users read: the language of notifications to those whose own was not set"
                    + " by `everpost account language`, and to senders elsewhere.")
            .oneOf("en", "de"));
  }

  private static List<ConfigKey> listen() {
    return List.of(
        service("smtp", "0.0.0.0:25", "Mail from other servers (the MX service)."),
        service(
            "lmtp",
            "127.0.0.1:24",
            "Mail from a mail server in front of this one (RFC 2033). Whoever reaches it may"
                + " deliver: keep it on loopback or a private network."),
        service("submission", "0.0.0.0:587", "Mail from your users, TLS by STARTTLS."),
        service("submissions", "0.0.0.0:465", "Mail from your users, TLS from the start."),
        service("imap", "0.0.0.0:143", "Mailboxes by IMAP, TLS by STARTTLS."),
        service("imaps", "0.0.0.0:993", "Mailboxes by IMAP, TLS from the start."),
        service("pop3", "0.0.0.0:110", "Mailboxes by POP3, TLS by STLS."),
        service("pop3s", "0.0.0.0:995", "Mailboxes by POP3, TLS from the start."));
  }

  private static ConfigKey service(String name, String usual, String explanation) {
    return key("listen." + name, ADDRESSES, "[]", "[\"" + usual + "\"]").explained(explanation);
  }

  private static List<ConfigKey> tls() {
    return List.of(
        key("tls.certificate", PATH, "", "\"/etc/everpost/certificate.pem\"")
            .explained(
                "The certificate and the chain that vouches for it, PEM, the server's own first. A"
                    + " changed file is used within seconds, without a restart. Without this and"
                    + " `tls.key` a self-signed one is made in `data` at the first start."),
        key("tls.key", PATH, "", "\"/etc/everpost/key.pem\"")
            .explained(
                "The private key of the certificate: PEM, RSA, EC or Ed25519, not encrypted."));
  }

  private static List<ConfigKey> auth() {
    return List.of(
        key("auth.scram", FLAG, "true", "true")
            .explained(
                "Whether SCRAM-SHA-256 is offered. An imported account cannot use it before its"
                    + " first login with PLAIN or LOGIN, which some programs never try while SCRAM"
                    + " is there: `false` until your imported accounts have logged in."));
  }

  private static List<ConfigKey> store() {
    return List.of(
        key("store.engine", TEXT, "\"rocksdb\"", "\"rocksdb\"")
            .explained(
                "What keeps the data: `rocksdb` on this machine alone, `cassandra` on several.")
            .oneOf("rocksdb", "cassandra"),
        key("store.cassandra.mode", TEXT, "\"managed\"", "\"managed\"")
            .explained(
                "`managed`: Everpost runs Cassandra itself, as a child process that needs Java 17."
                    + " `external`: the cluster at `store.cassandra.contact-points` is used.")
            .oneOf("managed", "external"),
        key(
                "store.cassandra.contact-points",
                ADDRESSES,
                "[\"127.0.0.1:9042\"]",
                "[\"127.0.0.1:9042\"]")
            .explained(
                "Nodes by which the cluster is found. In `managed` mode the address and port the"
                    + " child listens on, loopback only."),
        key("store.cassandra.datacenter", TEXT, "\"dc1\"", "\"dc1\"")
            .explained("The data centre of the cluster that holds the copies."),
        key("store.cassandra.replication-factor", INTEGER, "3", "3")
            .explained(
                "How many nodes keep a copy of everything, settled when the cluster is first used."
                    + " In `managed` mode the only node keeps the only copy, whatever this says.")
            .within(1, 9));
  }

  private static List<ConfigKey> dns() {
    return List.of(
        key("dns.servers", ADDRESSES, "[]", "[\"127.0.0.1:53\"]")
            .explained(
                "The name servers that are asked, the first one first. They have to be recursive"
                    + " ones; best is a validating one on this machine. An empty list: those of"
                    + " `/etc/resolv.conf`, as it is when the server starts, or the one on"
                    + " 127.0.0.1 where that file names none."),
        key("dns.trust-ad", TEXT, "\"loopback\"", "\"loopback\"")
            .explained(
                "Which name servers are believed when they say that DNSSEC vouches for an answer"
                    + " (the AD bit), which DANE builds on. `loopback`: those on loopback, and"
                    + " those of `/etc/resolv.conf` where it has `options trust-ad`. `all`: every"
                    + " one; for a network in which nobody can change the answers. `none`: no one,"
                    + " so that there is no DANE. If some are believed, the others are not asked.")
            .oneOf("loopback", "all", "none"));
  }

  private static List<ConfigKey> relay() {
    return List.of(
        key("relay.port", INTEGER, "25", "25")
            .explained("The port of other mail servers; another than 25 only for tests.")
            .within(1, 65_535),
        key("relay.source-addresses", IP_ADDRESSES, "[]", "[\"192.0.2.1\", \"2001:db8::1\"]")
            .explained(
                "The addresses of this machine that mail is sent from: the first of them that is of"
                    + " the kind of the other server's address. Their names in DNS should lead back"
                    + " to them. Without one of a kind the system chooses."),
        key("relay.tls", TEXT, "\"opportunistic\"", "\"opportunistic\"")
            .explained(
                "The least there has to be before mail is sent. `opportunistic`: TLS wherever it"
                    + " works, with any certificate, and else plain text. `required`: TLS with any"
                    + " certificate. `verified`: TLS with a certificate that is good for the other"
                    + " server, which has to have a name for that, if it is not 127.0.0.1 or ::1."
                    + " What a domain demands of its senders by DANE or MTA-STS is kept in"
                    + " any case.")
            .oneOf("opportunistic", "required", "verified"),
        key("relay.authorities-file", PATH, "", "\"/etc/everpost/authorities.pem\"")
            .explained(
                "A PEM file with certificates of authorities that are believed beside those of"
                    + " Java: of a private one that vouches for a smart host, for instance. They"
                    + " count wherever a server needs a good certificate, also for the web servers"
                    + " of MTA-STS. It is read at the start."),
        key("relay.smart-host", TEXT, "", "\"smart.example.org:587\"")
            .explained(
                "A server that takes mail for others from us, as host and port; without one mail"
                    + " goes where DNS says."),
        key("relay.smart-host-domains", DOMAINS, "[]", "[\"example.org\"]")
            .explained("The domains whose mail it gets. An empty list: all."),
        key("relay.smart-host-user", TEXT, "", "\"mx1.example.test\"")
            .explained(
                "As whom to log in there, with SCRAM-SHA-256, PLAIN or LOGIN. That is done under"
                    + " TLS with a good certificate only, or at 127.0.0.1 or ::1; so anywhere else"
                    + " the smart host has to be given by its name."),
        key("relay.smart-host-password-file", PATH, "", "\"/etc/everpost/smart-host-password\"")
            .explained("The file whose first line is the password. It is read at the start."),
        key("relay.routes", ROUTES, "{}", "{ \"example.org\" = \"mail.example.org:25\" }")
            .explained(
                "Servers for the mail to certain domains, in place of those in DNS and of the smart"
                    + " host. Where one of them is the smart host, it is logged in there as well."));
  }

  private static List<ConfigKey> queue() {
    return List.of(
        key("queue.retry-first", DURATION, "\"5m\"", "\"5m\"")
            .explained(
                "How long after the first attempt a message that was deferred is tried again; then"
                    + " twice as long each time. A destination that cannot be reached at all is left"
                    + " alone for a fifth of it at first.")
            .within(1, 86_400),
        key("queue.retry-longest", DURATION, "\"4h\"", "\"4h\"")
            .explained(
                "The longest time between two attempts. A destination that cannot be reached is"
                    + " tried after a quarter of it at the latest.")
            .within(1, 7 * 86_400),
        key("queue.delay-warning", DURATION, "\"4h\"", "\"4h\"")
            .explained("After this time the sender is told that a message is still on its way.")
            .within(1, 30 * 86_400),
        key("queue.expire", DURATION, "\"5d\"", "\"5d\"")
            .explained(
                "After this time a message is given up and its sender told (RFC 5321 §4.5.4.1 asks"
                    + " for four to five days at least).")
            .within(1, 30 * 86_400),
        key("queue.connections", INTEGER, "500", "500")
            .explained("How many connections there may be to other servers at once.")
            .within(1, 10_000),
        key("queue.connections-per-destination", INTEGER, "20", "20")
            .explained(
                "How many of them to one domain. There are fewer at first, and fewer where the other"
                    + " server says that it has too many.")
            .within(1, 1_000));
  }

  private static List<ConfigKey> sending() {
    return List.of(
        sent(
            "messages-per-hour",
            100,
            "How many messages an account may send to other servers in an hour, counted where they"
                + " are accepted; 0: any number. Whoever is over it hears `452 4.7.1` and when it"
                + " ends. Accounts that tried as much again in an hour (20 messages at least) have"
                + " what is left of theirs in the queue held, and an event says so. Who is connected from 127.0.0.1 or ::1"
                + " has no such limit."),
        sent("recipients-per-hour", 300, "How many recipients those may have in an hour."),
        sent("messages-per-day", 500, "The same for 24 hours."),
        sent("recipients-per-day", 1_000, "The same for 24 hours."),
        key("sending.ramp-days", INTEGER, "14", "14")
            .explained(
                "How many days an account is new: on the first it may send a tenth of those"
                    + " limits, and more in a straight line up to all of it; 0: all at once."
                    + " Imported accounts are not new.")
            .within(0, 365),
        key("sending.show-client", FLAG, "false", "false")
            .explained(
                "Whether the Received line of a message tells under what name and from which"
                    + " address your user sent it. Without it the log does, where the line's id is"
                    + " found."));
  }

  private static ConfigKey sent(String name, int standard, String explanation) {
    String number = String.valueOf(standard);
    return key("sending." + name, INTEGER, number, number)
        .explained(explanation)
        .within(0, 10_000_000);
  }

  private static List<ConfigKey> tlsReports() {
    return List.of(
        key("tls-reports.send", FLAG, "true", "true")
            .explained(
                "Whether domains that ask for it in DNS are told once a day how TLS on the way to"
                    + " them fared (RFC 8460): numbers of connections and what was wrong with them,"
                    + " the addresses of both servers, nothing of any message."),
        key("tls-reports.contact", TEXT, "", "\"postmaster@example.org\"")
            .explained(
                "From whom the reports are, and whom their readers may ask. Without it the"
                    + " postmaster of the domain that was added first."));
  }

  private static List<ConfigKey> limits() {
    return List.of(
        key("limits.message-size", SIZE, "\"50MB\"", "\"50MB\"")
            .explained("The largest message that is taken, by any protocol.")
            .within(64 << 10, 1L << 31),
        key("limits.connections", INTEGER, "20000", "20000")
            .explained(
                "How many connections there may be at once, of all services together. Of them peers"
                    + " nobody knows have half at most on port 25 and a twentieth at each other"
                    + " service, bad ones a twentieth beside them, and users take their places if"
                    + " there are no others; further connections are refused. The process needs as"
                    + " many file descriptors"
                    + " (`ulimit -n`) and some hundred more.")
            .within(1, 1_000_000),
        key("limits.connections-per-address", INTEGER, "100", "100")
            .explained(
                "How many of them may come from one address (of IPv6, from one /64). 127.0.0.1 and"
                    + " ::1 may have any number.")
            .within(1, 1_000_000));
  }

  private static List<ConfigKey> guard() {
    return List.of(
        key("guard.strangers", INTEGER, "10000", "10000")
            .explained(
                "How many connections to port 25 there may be at once of peers nobody knows, and at"
                    + " most half of `limits.connections`. When all are taken, each new one takes"
                    + " the place of the one that gets on worst. One costs about 20 KiB.")
            .within(1, 1_000_000),
        key("guard.own-networks", NETWORKS, "[]", "[\"192.0.2.0/24\"]")
            .explained(
                "Networks whose peers are never kept waiting or refused, beside 127.0.0.1 and ::1."
                    + " It does not let them relay."),
        key("guard.proxies", NETWORKS, "[]", "[\"192.0.2.10\"]")
            .explained(
                "Load balancers that tell the address of the client by version 2 of the PROXY"
                    + " protocol. They have to do so on every connection."),
        key("guard.greet-pause", DURATION, "\"3s\"", "\"3s\"")
            .explained(
                "How long peers nobody knows wait for the greeting on port 25: who speaks before is"
                    + " a bot. Once a day for each address, shorter the more there is to do, and"
                    + " up to 15 s longer where many come at once. \"0s\": no pause.")
            .within(0, 30),
        key("guard.greylist", DURATION, "\"15s\"", "\"15s\"")
            .explained(
                "How long a peer nobody knows has to stay away after its first attempt, before it"
                    + " may deliver mail of a domain to a recipient. A server with a queue comes"
                    + " again by itself. Peers that brought mail before, and those whose address"
                    + " has a name that leads back to it and passes SPF, need not. \"0s\": nobody.")
            .within(0, 3_600),
        key("guard.block-lists", DNS_LISTS, "[]", "[\"bl.example.org\", \"zen.example.org=2\"]")
            .explained(
                "Lists of bad addresses that are asked by DNS (RFC 5782) about peers nobody knows,"
                    + " with their weights; 1 if none is said. Mind the terms of those who run them:"
                    + " many want to be asked through a name server of your own."),
        key("guard.block-from", INTEGER, "1", "1")
            .explained("From which sum of weights on mail is refused.")
            .within(1, 1_000),
        key("guard.allow-lists", DNS_LISTS, "[]", "[\"wl.example.org\"]")
            .explained("Lists of good addresses: those on one of them need not come again."),
        key("guard.traps", MAIL_ADDRESSES, "[]", "[\"honey@example.test\"]")
            .explained(
                "Addresses of yours that nobody should write to, as they stand only where robots"
                    + " look for them: whoever does is treated as bad for half an hour. They have"
                    + " to be accounts or aliases: what nobody has is no trap."));
  }

  private static List<ConfigKey> log() {
    return List.of(
        key("log.level", TEXT, "\"info\"", "\"info\"")
            .explained(
                "What is written to standard error: events of this level and above. `info` is about"
                    + " one line a message or login, `debug` adds every connection.")
            .oneOf("error", "warn", "info", "debug", "trace"));
  }

  private static ConfigKey key(String name, ConfigType type, String standard, String example) {
    return new ConfigKey(name, type, standard, false, example, "", List.of(), 0, Long.MAX_VALUE);
  }

  private ConfigKey explained(String text) {
    return new ConfigKey(name, type, standard, required, example, text, choices, least, most);
  }

  private ConfigKey asRequired() {
    return new ConfigKey(name, type, standard, true, example, explanation, choices, least, most);
  }

  private ConfigKey oneOf(String... values) {
    return new ConfigKey(
        name, type, standard, required, example, explanation, List.of(values), least, most);
  }

  private ConfigKey within(long least, long most) {
    return new ConfigKey(
        name, type, standard, required, example, explanation, choices, least, most);
  }

  /** The table it is in; empty for the top. */
  String table() {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }

  /** The name within its table. */
  String shortName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** What the value may be, in words. */
  String range() {
    if (!choices.isEmpty()) {
      return choices.stream().map(c -> '"' + c + '"').collect(Collectors.joining(" or "));
    }
    if (type == INTEGER) {
      return "from " + least + " to " + most;
    }
    if (type == SIZE) {
      return "from " + new ByteSize(least) + " to " + new ByteSize(most);
    }
    if (type == DURATION) {
      return "from " + TimeSpan.ofSeconds(least) + " to " + TimeSpan.ofSeconds(most);
    }
    return "";
  }
}
