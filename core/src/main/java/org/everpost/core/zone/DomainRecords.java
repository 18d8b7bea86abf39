package org.everpost.core.zone;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.everpost.core.directory.SigningKey;
import org.everpost.core.dns.Resolver;
import org.everpost.core.zone.ZoneRecord.Check;
import org.everpost.core.zone.ZoneRecord.Topic;
import org.everpost.core.zone.ZoneRecord.Use;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.mtasts.MtaStsRecord;
import org.everpost.wire.tlsrpt.TlsRptRecord;
import org.jspecify.annotations.Nullable;

/** All records a domain of ours should have. */
public final class DomainRecords {

  private static final long POLICY_SECONDS = 604_800;
  private static final String ALIAS = "CNAME";
  private static final String TEXT = "TXT";

  private final DomainFacts facts;
  private final String domain;
  private final String host;
  private final List<ZoneRecord> records = new ArrayList<>();

  private DomainRecords(DomainFacts facts) {
    this.facts = facts;
    this.domain = facts.domain().ascii();
    this.host = facts.hostname() + ".";
  }

  public static List<ZoneRecord> of(DomainFacts facts) {
    DomainRecords all = new DomainRecords(facts);
    all.servers();
    all.spf();
    all.keys();
    all.policies();
    all.services();
    all.later();
    all.reverse();
    return List.copyOf(all.records);
  }

  private void add(
      Topic topic,
      String name,
      String type,
      String data,
      Use use,
      List<String> notes,
      Check check) {
    records.add(new ZoneRecord(topic, name, type, data, use, notes, check));
  }

  private void servers() {
    add(
        Topic.MX,
        domain,
        "MX",
        "10 " + host,
        Use.NEEDED,
        List.of(),
        resolver -> HostChecks.mx(resolver, facts.domain(), facts.hostname()));
    String name = facts.hostname().ascii();
    if (facts.addresses().isEmpty()) {
      Check check = resolver -> HostChecks.address(resolver, facts.hostname(), null);
      String ofMachine =
          facts.machine().isEmpty()
              ? ""
              : " This machine has " + HostChecks.text(facts.machine()) + ".";
      List<String> notes = List.of("An AAAA record, too, if it has IPv6." + ofMachine);
      add(Topic.ADDRESS, name, "A", "", Use.INCOMPLETE, notes, check);
    }
    for (InetAddress address : facts.addresses()) {
      Check check = resolver -> HostChecks.address(resolver, facts.hostname(), address);
      String type = address instanceof Inet4Address ? "A" : "AAAA";
      Use use = facts.hostIsInDomain() ? Use.NEEDED : Use.ELSEWHERE;
      add(Topic.ADDRESS, name, type, address.getHostAddress(), use, List.of(), check);
    }
  }

  /**
   * Softfail: what is not from here is for DMARC to judge, which looks for a signature, too; some
   * refuse at {@code -all} before they look (RFC 9989, issues specific to SPF).
   */
  private void spf() {
    StringBuilder text = new StringBuilder("v=spf1 mx");
    for (InetAddress source : facts.sources()) {
      text.append(source instanceof Inet4Address ? " ip4:" : " ip6:")
          .append(source.getHostAddress());
    }
    Check check = resolver -> SpfCheck.run(resolver, facts);
    if (facts.smartHost() == null) {
      add(Topic.SPF, domain, TEXT, text + " ~all", Use.NEEDED, List.of(), check);
      return;
    }
    List<String> notes =
        List.of(
            "Mail leaves through " + facts.smartHost() + ": its operator says what stands there",
            "instead of <its part>, like include:spf.example.net.");
    add(Topic.SPF, domain, TEXT, text + " <its part> ~all", Use.INCOMPLETE, notes, check);
  }

  private void keys() {
    List<SigningKey> needed =
        facts.keys().stream().filter(key -> key.isNeeded(facts.now())).toList();
    if (needed.isEmpty()) {
      // A smart host may sign.
      Use use = facts.smartHost() == null ? Use.INCOMPLETE : Use.USEFUL;
      List<String> notes =
          List.of("There are no keys; everpost domain dkim " + domain + " --make makes them.");
      add(Topic.DKIM, "", TEXT, "", use, notes, _ -> new Finding.Missing());
    }
    for (SigningKey key : needed) {
      add(
          Topic.DKIM,
          key.recordName().ascii(),
          TEXT,
          key.recordText(),
          Use.NEEDED,
          notes(key),
          resolver -> TextChecks.key(resolver, key));
    }
  }

  private List<String> notes(SigningKey key) {
    return switch (key.state()) {
      case PENDING -> List.of("New: it signs as soon as this record is seen.");
      case ACTIVE ->
          key.isOld(facts.now())
              ? List.of(
                  "Older than a year: everpost domain dkim " + domain + " --rotate makes another.")
              : List.of();
      case RETIRED ->
          List.of(
              "It signs no more. Keep this record until "
                  + LocalDate.ofInstant(Objects.requireNonNull(key.neededUntil()), ZoneOffset.UTC)
                      .plusDays(1)
                  + ".");
    };
  }

  private void policies() {
    text(
        facts.domain().below("_dmarc"),
        Topic.DMARC,
        "v=DMARC1; p=none; rua=mailto:postmaster@" + domain,
        Use.NEEDED,
        List.of(
            "p=none asks for reports only. When they show that all your mail passes: p=quarantine,",
            "then p=reject."),
        _ -> resolver -> TextChecks.dmarc(resolver, facts.domain()));
    text(
        TlsRptRecord.nameOf(facts.domain()),
        Topic.TLS_RPT,
        "v=TLSRPTv1; rua=mailto:postmaster@" + domain,
        Use.USEFUL,
        List.of(),
        name -> resolver -> TextChecks.tlsRpt(resolver, name));
  }

  /** A name that would be too long has no record. */
  private void text(
      @Nullable DomainName name,
      Topic topic,
      String text,
      Use use,
      List<String> notes,
      Function<DomainName, Check> check) {
    if (name != null) {
      add(topic, name.ascii(), TEXT, text, use, notes, check.apply(name));
    }
  }

  /** RFC 6186 §3.4, RFC 8314 §5.1. */
  private void services() {
    service("_imaps._tcp", facts.ports().imaps());
    service("_pop3s._tcp", facts.ports().pop3s());
    service("_submissions._tcp", facts.ports().submissions());
  }

  private void service(String labels, int port) {
    DomainName name = facts.domain().below(labels);
    if (name != null && port > 0) {
      add(
          Topic.SERVICES,
          name.ascii(),
          "SRV",
          "0 1 " + port + " " + host,
          Use.USEFUL,
          List.of(),
          resolver -> HostChecks.service(resolver, name, facts.hostname(), port));
    }
  }

  /** What nobody should publish because this server has it: it does not yet. */
  private void later() {
    mtaSts();
    List<String> notes =
        List.of("Everpost does not serve settings yet; this is how the names will be.");
    for (String label : List.of("autoconfig", "autodiscover")) {
      host(facts.domain().below(label), Topic.AUTOCONFIG, ALIAS, host, notes);
    }
  }

  private void mtaSts() {
    DomainName policyHost = MtaStsRecord.policyHost(facts.domain());
    List<String> policy =
        List.of(
            "version: STSv1",
            "mode: testing",
            "mx: " + facts.hostname(),
            "max_age: " + POLICY_SECONDS);
    List<String> notes = new ArrayList<>();
    notes.add("Everpost does not serve the policy yet. Only if a web server of yours has it at");
    notes.add("https://" + policyHost + MtaStsRecord.POLICY_PATH + " :");
    policy.forEach(line -> notes.add("  " + line));
    text(
        MtaStsRecord.nameOf(facts.domain()),
        Topic.MTA_STS,
        "v=STSv1; id=" + id(String.join("\n", policy)),
        Use.LATER,
        notes,
        name -> resolver -> TextChecks.mtaSts(resolver, name));
    host(policyHost, Topic.MTA_STS, "A", "", notes);
  }

  private void host(
      @Nullable DomainName name, Topic topic, String type, String data, List<String> notes) {
    if (name != null) {
      Check check = resolver -> HostChecks.anybody(resolver, name);
      add(topic, name.ascii(), type, data, Use.LATER, notes, check);
    }
  }

  /** Another policy has another (RFC 8461 §3.1). */
  private static String id(String policy) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(policy.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest, 0, 10);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void reverse() {
    if (facts.smartHost() != null) {
      return; // it is the smart host's addresses that others see
    }
    List<String> notes =
        List.of(
            "Set by whoever gave you the address. Many servers refuse mail from an address whose",
            "name does not lead back to it.");
    List<InetAddress> sources = facts.sources().isEmpty() ? facts.addresses() : facts.sources();
    if (sources.isEmpty()) {
      Check check = resolver -> HostChecks.names(resolver, List.of(), facts.hostname());
      add(Topic.PTR, "", "PTR", host, Use.INCOMPLETE, notes, check);
    }
    for (InetAddress source : sources) {
      Check check = resolver -> HostChecks.names(resolver, List.of(source), facts.hostname());
      String name = Resolver.reverseName(source).ascii();
      add(Topic.PTR, name, "PTR", host, Use.ELSEWHERE, notes, check);
    }
  }
}
