package org.everpost.server.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.event.RelayEvent;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.spool.TlsDemand;
import org.everpost.server.relay.TestAuthority;
import org.everpost.server.tlsrpt.ReportHouse.Arrived;
import org.everpost.server.tlsrpt.ReportHouse.Node;
import org.everpost.testkit.dns.Fault;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What other domains are told (RFC 8460), and when, and how often. It is 15 January 2027, 08:00.
 */
class DailyReportsTest {

  private final ReportHouse house = new ReportHouse();

  @AfterEach
  void close() {
    house.close();
  }

  private void wants(String domain, String... rua) {
    house.dns.txt("_smtp._tls." + domain, "v=TLSRPTv1; rua=" + String.join(",", rua));
  }

  /** The next morning, when everybody has reported. */
  private void nextMorning(Node... nodes) {
    house.clock.advance(Duration.ofDays(1));
    for (Node node : nodes) {
      node.reports.round();
    }
    house.awaitRest();
  }

  @Test
  void aDayIsReportedOnceByAllNodesTogether() {
    wants("peer.test", "mailto:tls@reports.peer.test");
    Node one = house.node();
    Node two = house.node();
    one.count("peer.test", null);
    one.count("peer.test", ResultType.STARTTLS_NOT_SUPPORTED);
    two.count("peer.test", null);
    two.count("peer.test", ResultType.STARTTLS_NOT_SUPPORTED);
    two.count("peer.test", ResultType.CERTIFICATE_EXPIRED);
    one.reports.round();
    two.reports.round();
    house.clock.advance(Duration.ofHours(16)); // midnight
    two.count("peer.test", null); // of the next day
    one.reports.round();
    two.reports.round();
    assertThat(house.arrived).isEmpty();
    house.clock.advance(Duration.ofHours(5));
    two.reports.round();
    one.reports.round();
    house.awaitRest();

    assertThat(house.arrived).hasSize(1);
    Arrived report = house.arrived.getFirst();
    assertThat(report.message().from()).hasToString("<postmaster@example.test>");
    assertThat(report.message().recipients())
        .singleElement()
        .matches(r -> r.to().toString().equals("<tls@reports.peer.test>"))
        .matches(r -> r.notifyOn().equals(Set.of(Notify.NEVER)));
    assertThat(report.text())
        .startsWith("DKIM-Signature: ")
        .contains("\r\nFrom: TLS Report <postmaster@example.test>\r\n")
        .contains("\r\nTLS-Report-Domain: peer.test\r\n")
        .contains("\r\nTLS-Report-Submitter: example.test\r\n")
        .contains("multipart/report; report-type=\"tlsrpt\"")
        .contains("example.test!peer.test!1799971200!1800057599.json.gz");
    assertThat(report.json())
        .contains("\"organization-name\":\"example.test\"")
        .contains("\"contact-info\":\"postmaster@example.test\"")
        .contains("\"start-datetime\":\"2027-01-15T00:00:00Z\"")
        .contains("\"end-datetime\":\"2027-01-15T23:59:59Z\"")
        .contains("\"total-successful-session-count\":2,\"total-failure-session-count\":3")
        .contains("\"result-type\":\"starttls-not-supported\"", "\"failed-session-count\":2");
    String id = report.json().replaceAll(".*\"report-id\":\"([^\"]+)\".*", "$1");
    assertThat(report.text()).contains("Report-ID: <" + id + ">");
    assertThat(house.events(RelayEvent.TlsReported.class))
        .containsExactly(new RelayEvent.TlsReported("peer.test", "tls@reports.peer.test", 2, 3));

    nextMorning(one, two);
    assertThat(house.arrived).hasSize(2);
    assertThat(house.arrived.get(1).json())
        .contains("\"total-successful-session-count\":1,\"total-failure-session-count\":0");
    nextMorning(one, two);
    nextMorning(one, two);
    assertThat(house.arrived).hasSize(2);
  }

  @Test
  void whoDoesNotAskIsNotTold() {
    house.dns.txt("_smtp._tls.other.test", "v=spf1 -all");
    Node node = house.node();
    node.count("nobody.test", null);
    node.count("other.test", null);
    node.reports.round();
    nextMorning(node);
    assertThat(house.arrived).isEmpty();
    assertThat(house.dns.count("_smtp._tls.nobody.test", "TXT")).isEqualTo(1);
    node.reports.round();
    house.clock.advance(Duration.ofHours(2));
    node.reports.round();
    assertThat(house.dns.count("_smtp._tls.nobody.test", "TXT")).as("the day is over").isEqualTo(1);
    assertThat(house.events(RelayEvent.TlsReportFailed.class)).isEmpty();
  }

  @Test
  void whileDnsDoesNotAnswerItIsAskedAgainForTwoDays() {
    wants("peer.test", "mailto:tls@peer.test");
    wants("good.test", "mailto:tls@good.test");
    house.dns.fault("_smtp._tls.peer.test", Fault.SERVFAIL);
    Node node = house.node();
    node.count("peer.test", null);
    node.count("good.test", null);
    node.count("nobody.test", null);
    node.reports.round();
    nextMorning(node);
    assertThat(house.arrived).singleElement().matches(a -> a.json().contains("good.test"));
    int asked = house.dns.count("_smtp._tls.peer.test", "TXT");
    house.clock.advance(Duration.ofHours(10));
    node.reports.round();
    assertThat(house.dns.count("_smtp._tls.peer.test", "TXT")).isGreaterThan(asked);
    assertThat(house.dns.count("_smtp._tls.nobody.test", "TXT")).as("it answered").isEqualTo(1);
    house.dns.heal("_smtp._tls.peer.test");
    house.clock.advance(Duration.ofHours(14));
    node.reports.round();
    house.awaitRest();
    assertThat(house.arrived).hasSize(2);
    assertThat(house.arrived.get(1).json()).contains("\"policy-domain\":\"peer.test\"");

    house.dns.fault("_smtp._tls.peer.test", Fault.SERVFAIL);
    node.count("peer.test", null);
    node.reports.round();
    nextMorning(node);
    house.clock.advance(Duration.ofDays(2));
    house.dns.heal("_smtp._tls.peer.test");
    nextMorning(node);
    assertThat(house.arrived).as("too late").hasSize(2);
  }

  @Test
  void whatAProcessThatEndedHasCountedIsReported() {
    wants("peer.test", "mailto:tls@peer.test");
    Node before = house.node();
    before.count("peer.test", null);
    before.reports.round();
    before.count("peer.test", null);
    before.reports.round();
    before.count("peer.test", null); // and this is lost: it did not end well
    Node after = house.node();
    after.count("peer.test", ResultType.CERTIFICATE_EXPIRED);
    nextMorning(after);
    assertThat(house.arrived)
        .singleElement()
        .matches(a -> a.json().contains("count\":2,\"total-failure-session-count\":1"));
  }

  /** RFC 8460 §3; and no connection of theirs is counted, or they would be reported for ever. */
  @Test
  void reportsArriveWhereTlsIsBroken() {
    wants("peer.test", "mailto:tls@peer.test");
    Node node = house.node();
    node.count("peer.test", ResultType.CERTIFICATE_EXPIRED);
    node.reports.round();
    nextMorning(node);
    assertThat(house.demands).containsExactly(TlsDemand.WAIVED);
    assertThat(house.arrived)
        .singleElement()
        .matches(a -> a.text().contains("\r\nTLS-Required: No\r\n"));
  }

  @Test
  void whoIsHereFindsItInTheMailbox() {
    EmailAddress bob = EmailAddress.of("bob@example.test");
    house.directory.addAccount(bob, new StoredPassword("$6$x", null), Quota.UNLIMITED);
    house.directory.addAlias(
        EmailAddress.of("tls@example.test"), List.of(bob, EmailAddress.of("more@else.test")));
    wants("peer.test", "mailto:tls@example.test", "mailto:gone@example.test");
    Node node = house.node();
    node.count("peer.test", null);
    node.reports.round();
    nextMorning(node);
    MailAccount mail = house.mailboxes.open(house.directory.account(bob).orElseThrow().id());
    MessageList inbox = mail.load(mail.view().inbox().id()).orElseThrow().loaded();
    assertThat(inbox.count()).isEqualTo(1);
    assertThat(house.arrived)
        .singleElement()
        .matches(
            a -> a.message().recipients().getFirst().to().toString().equals("<more@else.test>"));
    assertThat(house.events(RelayEvent.TlsReportFailed.class))
        .singleElement()
        .matches(e -> e.to().equals("gone@example.test"));
  }

  @Test
  void whoWantsItByHttpsGetsItSo() throws IOException {
    TestAuthority authority = new TestAuthority();
    AtomicBoolean better = new AtomicBoolean();
    List<String> posted = new CopyOnWriteArrayList<>();
    HttpsServer web =
        HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    web.setHttpsConfigurator(new HttpsConfigurator(authority.server("web.test").context()));
    web.setExecutor(task -> Thread.ofVirtual().start(task));
    web.createContext(
        "/",
        exchange -> {
          byte[] body;
          try (InputStream in = exchange.getRequestBody()) {
            body = in.readAllBytes();
          }
          posted.add(
              exchange.getRequestHeaders().getFirst("Content-Type")
                  + " "
                  + ReportHouse.unpacked(body));
          boolean takes = exchange.getRequestURI().getPath().equals("/good") || better.get();
          int status = takes ? 201 : 503;
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    web.start();
    house.dns.a("web.test", "127.0.0.1");
    try {
      int port = web.getAddress().getPort();
      String host = "https://web.test:" + port;
      wants("good.test", host + "/good");
      wants("bad.test", host + "/bad", "mailto:tls@bad.test");
      wants("strange.test", "https://web.test:1/x", "https://127.0.0.1:" + port + "/good");
      Node node = house.node(authority.believed(), port);
      for (String domain : List.of("good.test", "bad.test", "strange.test")) {
        node.count(domain, ResultType.VALIDATION_FAILURE);
      }
      node.reports.round();
      nextMorning(node);
      assertThat(posted).hasSize(2);
      node.reports.round();
      assertThat(posted).as("not at once").hasSize(2);
      house.clock.advance(Duration.ofMinutes(31));
      node.reports.round();
      assertThat(posted).hasSize(3);
      better.set(true);
      house.clock.advance(Duration.ofMinutes(31));
      node.reports.round();
      assertThat(posted).as("the second pause is longer").hasSize(3);
      house.clock.advance(Duration.ofMinutes(31));
      node.reports.round();
      assertThat(posted).hasSize(4);
      house.clock.advance(Duration.ofHours(10));
      node.reports.round();
      assertThat(posted).as("it was taken").hasSize(4);
    } finally {
      web.stop(0);
    }
    assertThat(posted.get(3)).contains("\"policy-domain\":\"bad.test\"");
    assertThat(posted.get(1))
        .startsWith("application/tlsrpt+gzip {\"organization-name\"")
        .contains("\"policy-domain\":\"good.test\"");
    assertThat(house.arrived).singleElement().matches(a -> a.json().contains("bad.test"));
    List<RelayEvent.TlsReportFailed> failed = house.events(RelayEvent.TlsReportFailed.class);
    assertThat(failed.getFirst().reason()).isEqualTo("status 503");
    assertThat(failed.get(1).reason()).contains("port");
  }

  /** RFC 8460 §5.5. */
  @Test
  void aWebServerIsGivenADay() {
    TestAuthority authority = new TestAuthority();
    wants("away.test", "https://web.test:1/");
    house.dns.a("web.test", "127.0.0.1");
    Node node = house.node(authority.believed(), 1);
    node.count("away.test", null);
    node.reports.round();
    nextMorning(node);
    for (int hour = 0; hour < 48; hour++) {
      house.clock.advance(Duration.ofHours(1));
      node.reports.round();
    }
    assertThat(house.events(RelayEvent.TlsReportFailed.class))
        .as("at first, after half an hour, and after 1, 2, 4, 8 more, each at its next round")
        .hasSize(6);
  }

  /** Web servers may take hours; what is counted meanwhile is not to be lost in a crash. */
  @Test
  void whatIsCountedWhileReportsTakeLongIsWritten() throws IOException {
    TestAuthority authority = new TestAuthority();
    HttpsServer web =
        HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    web.setHttpsConfigurator(new HttpsConfigurator(authority.server("web.test").context()));
    int port = web.getAddress().getPort();
    Node node = house.node(authority.believed(), port);
    AtomicInteger posts = new AtomicInteger();
    List<String> written = new CopyOnWriteArrayList<>();
    web.createContext(
        "/",
        exchange -> {
          if (posts.incrementAndGet() == 1) {
            node.count("new.test", null);
            house.clock.advance(Duration.ofMinutes(11));
          } else {
            written.addAll(house.written());
          }
          exchange.sendResponseHeaders(201, -1);
          exchange.close();
        });
    web.start();
    house.dns.a("web.test", "127.0.0.1");
    try {
      for (String domain : List.of("one.test", "two.test")) {
        wants(domain, "https://web.test:" + port);
        node.count(domain, null);
      }
      node.reports.round();
      nextMorning(node);
    } finally {
      web.stop(0);
    }
    assertThat(posts).hasValue(2);
    assertThat(written).contains("new.test");
  }

  @Test
  void aDamagedRowKeepsNothingWaitingForEver() {
    wants("bad.test", "mailto:tls@bad.test");
    wants("good.test", "mailto:tls@good.test");
    Node node = house.node();
    node.count("good.test", null);
    node.reports.round();
    house.damage("\u0003bad.test\0number");
    nextMorning(node);
    assertThat(house.arrived).singleElement().matches(a -> a.json().contains("good.test"));
    assertThat(house.events(RelayEvent.TlsReportFailed.class))
        .singleElement()
        .matches(e -> e.domain().equals("bad.test"));
    house.damage("\u0003not a domain");
    node.count("good.test", null);
    node.reports.round();
    nextMorning(node);
    assertThat(house.events(RelayEvent.Broken.class)).isNotEmpty();
    node.count("good.test", null);
    node.reports.round();
    for (int day = 0; day < 3; day++) {
      nextMorning(node);
    }
    assertThat(house.arrived).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void whatIsCountedLastIsWrittenWhenTheServerStops() {
    wants("peer.test", "mailto:tls@peer.test");
    Node before = house.node();
    before.reports.start();
    before.count("peer.test", null);
    before.reports.close();
    nextMorning(house.node());
    assertThat(house.arrived).hasSize(1);
  }
}
