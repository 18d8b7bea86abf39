package org.everpost.server.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.everpost.core.dns.Resolver;
import org.everpost.core.time.Clock;
import org.everpost.core.zone.DomainFacts;
import org.everpost.core.zone.DomainRecords;
import org.everpost.core.zone.Finding;
import org.everpost.core.zone.ZoneCheck;
import org.everpost.core.zone.ZoneRecord;
import org.everpost.core.zone.ZoneRecord.Topic;
import org.everpost.core.zone.ZoneRecord.Use;
import org.everpost.server.data.Foundation;
import org.everpost.server.relay.mtasts.HttpsPolicyFetcher;
import org.everpost.server.relay.mtasts.PublishedPolicy;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/** {@code everpost domain dns}. */
final class DnsCommands {

  private static final String INDENT = " ".repeat(9);

  private DnsCommands() {}

  static int run(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Foundation foundation = premises.foundation();
    DomainName domain = DomainCommands.domain(foundation.directory(), arguments);
    List<ZoneRecord> records =
        DomainRecords.of(
            DomainFacts.of(
                foundation.config(),
                domain,
                foundation.keys().all(domain),
                ofMachine(),
                foundation.clock().instant()));
    if (arguments.flag("--check")) {
      return check(foundation, domain, records, arguments, console);
    }
    if (arguments.flag("--json")) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("domain", domain.ascii());
      fields.put("records", records.stream().map(DnsCommands::json).toList());
      console.line(Json.text(fields));
    } else {
      print(domain, records, console);
    }
    return 0;
  }

  private static List<InetAddress> ofMachine() {
    try {
      return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList();
    } catch (SocketException e) {
      return List.of(); // they are only a hint
    }
  }

  // ---- what should be ----

  /** As a zone file (RFC 1035 §5.1) in which everything that cannot be pasted is a comment. */
  private static void print(DomainName domain, List<ZoneRecord> records, Console console)
      throws IOException {
    console.line("; The DNS records of " + domain + ", for its zone. What is behind a semicolon");
    console.line("; is to be read, not to be pasted.");
    Topic topic = null;
    List<String> notes = List.of();
    for (ZoneRecord record : records) {
      if (record.topic() != topic) {
        topic = record.topic();
        notes = List.of();
        console.line("");
        console.line("; " + topic.title());
      }
      if (!record.notes().equals(notes)) {
        notes = record.notes();
        for (String note : notes) {
          console.line("; " + note);
        }
      }
      if (!record.line().isEmpty()) {
        console.line((record.isComplete() ? "" : "; ") + record.line());
      }
    }
  }

  private static Map<String, Object> json(ZoneRecord record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("topic", topic(record));
    fields.put("name", record.name());
    fields.put("type", record.type());
    fields.put("data", record.data());
    fields.put("use", record.use().name().toLowerCase(Locale.ROOT));
    fields.put("needed", record.isNeeded());
    fields.put("line", record.isComplete() ? record.line() : null);
    fields.put("notes", record.notes());
    return fields;
  }

  private static String topic(ZoneRecord record) {
    return record.topic().name().replace('_', '-');
  }

  // ---- what is ----

  private static int check(
      Foundation foundation,
      DomainName domain,
      List<ZoneRecord> records,
      Arguments arguments,
      Console console)
      throws IOException, CommandException {
    Map<ZoneRecord, Finding> findings = findings(foundation, domain, records);
    boolean good = findings.entrySet().stream().noneMatch(e -> isAmiss(e.getKey(), e.getValue()));
    if (arguments.flag("--json")) {
      List<Map<String, Object>> all = new ArrayList<>();
      findings.forEach((record, finding) -> all.add(json(record, finding)));
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("domain", domain.ascii());
      fields.put("good", good);
      fields.put("records", all);
      console.line(Json.text(fields));
    } else {
      for (Map.Entry<ZoneRecord, Finding> entry : findings.entrySet()) {
        tell(entry.getKey(), entry.getValue(), console);
      }
    }
    String silence = silence(findings);
    if (silence != null) {
      console.err(
          "everpost: no name server tells anything now ("
              + silence
              + "): the records may be there all the same; look at dns.servers or /etc/resolv.conf");
    }
    return good ? 0 : 1;
  }

  private static Map<ZoneRecord, Finding> findings(
      Foundation foundation, DomainName domain, List<ZoneRecord> records) throws CommandException {
    Clock clock = foundation.clock();
    Resolver resolver = foundation.newResolver();
    Map<ZoneRecord, Finding> findings;
    try {
      findings = ZoneCheck.run(records, resolver, clock);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
    DomainName hostname = foundation.config().hostname();
    findings.replaceAll((record, finding) -> {
      boolean promises = record.topic() == Topic.MTA_STS && record.type().equals("TXT");
      if (!promises || !(finding instanceof Finding.Good(String found))) {
        return finding;
      }
      try (HttpsPolicyFetcher fetcher =
          new HttpsPolicyFetcher(Authorities.system(), resolver, clock, foundation.random())) {
        return PublishedPolicy.check(fetcher, domain, hostname, found);
      }
    });
    return findings;
  }

  private static boolean isAmiss(ZoneRecord record, Finding finding) {
    return switch (finding) {
      case Finding.Good _ -> false;
      case Finding.Missing _ -> record.isNeeded();
      case Finding.Wrong _ -> true;
      case Finding.Unknown _ -> record.use() != Use.LATER;
    };
  }

  /** Why nobody tells anything; null if somebody tells something. */
  private static @Nullable String silence(Map<ZoneRecord, Finding> findings) {
    String reason = null;
    for (Map.Entry<ZoneRecord, Finding> entry : findings.entrySet()) {
      if (entry.getKey().topic() == Topic.DKIM && entry.getKey().name().isEmpty()) {
        continue; // nobody was asked
      }
      if (!(entry.getValue() instanceof Finding.Unknown(String its))) {
        return null;
      }
      reason = reason == null ? its : reason;
    }
    return reason;
  }

  private static String state(Finding finding) {
    return switch (finding) {
      case Finding.Good _ -> "ok";
      case Finding.Missing _ -> "missing";
      case Finding.Wrong _ -> "wrong";
      case Finding.Unknown _ -> "unknown";
    };
  }

  private static void tell(ZoneRecord record, Finding finding, Console console) throws IOException {
    if (record.use() == Use.LATER && finding instanceof Finding.Missing) {
      return;
    }
    String optional =
        finding instanceof Finding.Missing && !record.isNeeded() ? " (good to have)" : "";
    console.line(
        "%-7s  %-10s %s%s"
            .formatted(state(finding), topic(record), record.name(), optional)
            .stripTrailing());
    switch (finding) {
      case Finding.Good(String found) -> line("found: ", found, console);
      case Finding.Missing _ -> advise(record, "add: ", console);
      case Finding.Wrong(String found, String why) -> {
        line("found: ", found, console);
        line("why:   ", why, console);
        advise(record, "as in: ", console);
      }
      case Finding.Unknown(String reason) -> line("why:   ", reason, console);
    }
  }

  private static void advise(ZoneRecord record, String how, Console console) throws IOException {
    for (String note : record.notes()) {
      line("", note, console);
    }
    if (!record.line().isEmpty()) {
      line(how, record.line(), console);
    }
  }

  /** What others have put into DNS must not tell the terminal what to do. */
  private static void line(String label, String text, Console console) throws IOException {
    console.line(INDENT + label + Columns.printable(text));
  }

  private static Map<String, Object> json(ZoneRecord record, Finding finding) {
    Map<String, Object> fields = json(record);
    fields.put("state", state(finding));
    switch (finding) {
      case Finding.Good(String found) -> fields.put("found", found);
      case Finding.Missing _ -> {
        // there is nothing to say
      }
      case Finding.Wrong(String found, String why) -> {
        fields.put("found", found);
        fields.put("problem", why);
      }
      case Finding.Unknown(String reason) -> fields.put("problem", reason);
    }
    return fields;
  }
}
