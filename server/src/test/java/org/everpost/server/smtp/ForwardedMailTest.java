package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.everpost.core.event.SmtpEvent;
import org.everpost.core.spf.SpfResult.Verdict;
import org.everpost.server.net.Service;
import org.everpost.server.outbound.Departure;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an address of ours sends on, and what comes back. */
class ForwardedMailTest {

  private static final String MESSAGE = "From: x@elsewhere.test\r\n\r\nHi\r\n";
  private static final String STRANGER = "x@elsewhere.test";

  private final SmtpHouse house = new SmtpHouse();

  @AfterEach
  void close() {
    house.close();
  }

  private Departure forwarded(String from) {
    return forwarded(from, "away@example.test");
  }

  private Departure forwarded(String from, String alias) {
    try (SmtpClient client = house.connect(Service.SMTP)) {
      client.ask("EHLO c", "250-");
      client.mail(from, alias);
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
    return house.departures.all().getLast();
  }

  private static String address(Departure departure) {
    return ((Path.Address) departure.envelope().from()).address().toString();
  }

  /** What is answered to RCPT. */
  private String rcpt(Service service, String from, String to) {
    try (SmtpClient client = house.connect(service)) {
      client.ask(service == Service.LMTP ? "LHLO c" : "EHLO c", "250-");
      client.ask("MAIL FROM:<" + from + ">", "250");
      return client.ask("RCPT TO:<" + to + ">");
    }
  }

  @Test
  void whatAStrangerSentGoesOnFromUsAndComesBackToHim() {
    Departure departure = forwarded(STRANGER);
    assertThat(address(departure))
        .matches("SRS0=[a-z2-7]{6}=[a-z2-7]{2}=elsewhere\\.test=x@example\\.test");
    assertThat(departure.prefix()).isEqualTo("Delivered-To: away@example.test\r\n");
    Departure back = forwarded("", address(departure));
    assertThat(back.envelope().from()).isEqualTo(new Path.Null());
    assertThat(back.recipients())
        .singleElement()
        .matches(recipient -> recipient.to().toString().equals("<x@elsewhere.test>"));
    assertThat(back.prefix()).isEqualTo("Delivered-To: " + address(departure) + "\r\n");
    assertThat(house.inbox("alice@example.test")).isEmpty();
  }

  /** A stranger could have a thousand sent for one, to somebody who has nothing to do with us. */
  @Test
  void whoIsNamedManyTimesGetsItOnce() {
    String[] names = {
      "away@example.test", "AWAY@example.test", "mixed@example.test", "partly@example.test"
    };
    try (SmtpClient client = house.connect(Service.SMTP)) {
      client.ask("EHLO c", "250-").mail(STRANGER, names);
      client.ask("RCPT TO:<away@example.test>", "250");
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
    assertThat(house.departures.all())
        .flatExtracting(Departure::recipients)
        .extracting(recipient -> recipient.to().toString())
        .containsExactlyInAnyOrder("<someone@elsewhere.test>", "<nobody@nowhere.test>");
    assertThat(house.inbox("bob@example.test")).hasSize(1);
  }

  @Test
  void itIsTheDomainOfTheAddressThatForwards() {
    house.directory.addAlias(
        EmailAddress.of("b@b\u00fccher.test"), List.of(EmailAddress.of("away@example.test")));
    Departure departure = forwarded(STRANGER, "b@xn--bcher-kva.test");
    assertThat(address(departure)).endsWith("=x@xn--bcher-kva.test");
  }

  @Test
  void nothingElseIsTakenForSuchAnAddress() {
    String address = address(forwarded(STRANGER));
    for (Service service : List.of(Service.SMTP, Service.LMTP)) {
      assertThat(rcpt(service, "", address)).startsWith("250 2.1.5");
      assertThat(rcpt(service, STRANGER, address)).startsWith("550 5.7.1");
      assertThat(rcpt(service, "alice@example.test", address)).startsWith("550 5.7.1");
      assertThat(rcpt(service, "", address.replace("=x@", "=y@"))).startsWith("550 5.1.1");
      assertThat(rcpt(service, STRANGER, address.replace("=x@", "=y@"))).startsWith("550 5.1.1");
      assertThat(rcpt(service, "", "SRS0=aaaaaa=aa=victim.test=a@example.test"))
          .startsWith("550 5.1.1");
    }
    // At a domain that is not ours it is an address like any other.
    assertThat(rcpt(Service.SMTP, "", address.replace("@example.test", "@elsewhere.test")))
        .startsWith("550 5.7.1 Relaying denied");
  }

  /** Not even a catch-all gets what was made up. */
  @Test
  void aCatchAllIsNotAskedAboutForgedOnes() {
    assertThat(rcpt(Service.SMTP, "", "anything@example.test")).startsWith("550 5.1.1");
    house.directory.addCatchAll(
        DomainName.of("example.test"), List.of(EmailAddress.of("bob@example.test")));
    assertThat(rcpt(Service.SMTP, "", "anything@example.test")).startsWith("250");
    assertThat(rcpt(Service.SMTP, "", "SRS0=aaaaaa=aa=victim.test=a@example.test"))
        .startsWith("550 5.1.1");
  }

  @Test
  void aNotificationIsForwardedAsOne() {
    assertThat(forwarded("").envelope().from()).isEqualTo(new Path.Null());
  }

  @Test
  void whatOursSendIsFromThem() {
    assertThat(address(forwarded("alice@example.test"))).isEqualTo("alice@example.test");
    String login = "\0alice@example.test\0" + SmtpHouse.PASSWORD;
    byte[] octets = login.getBytes(StandardCharsets.UTF_8);
    try (SmtpClient client = house.connect(Service.SUBMISSIONS)) {
      client.ask("EHLO c", "250-");
      client.ask("AUTH PLAIN " + Base64.getEncoder().encodeToString(octets), "235");
      client.mail("alice@example.test", "away@example.test");
      assertThat(client.data("From: alice@example.test\r\n\r\nHi\r\n")).startsWith("250 2.0.0");
    }
    assertThat(address(house.departures.all().getLast())).isEqualTo("alice@example.test");
  }

  /** As newsletters have them: each rewritten one fits into 64 octets. */
  @Test
  void aLongSenderComesBackToo() {
    String sender = "bounces+1234567-" + "0a".repeat(20) + "@mail.newsletters.example";
    String address = address(forwarded(sender));
    assertThat(address).startsWith("SRS0=").endsWith("@example.test").doesNotContain("newsletters");
    assertThat(forwarded("", address).recipients())
        .singleElement()
        .matches(recipient -> recipient.to().toString().equals("<" + sender + ">"));
  }

  /** Two servers, one after the other, have forwarded it. */
  @Test
  void whatAnotherHasRewrittenGoesBackThere() {
    String theirs = "SRS0=abcd=ef=origin.test=x@hop.test";
    String address = address(forwarded(theirs));
    assertThat(address)
        .matches("SRS1=[a-z2-7]{6}=hop\\.test==abcd=ef=origin\\.test=x@example.test");
    assertThat(forwarded("", address).recipients())
        .singleElement()
        .matches(recipient -> recipient.to().toString().equals("<" + theirs + ">"));
  }

  /** RFC 6531 §3.2: whom it goes on to may need more than the address it came to. */
  @Test
  void aNotificationForAnInternationalisedSenderNeedsSmtpUtf8() {
    String sender = "\u00e4".repeat(25) + "@elsewhere.test";
    String octets = "\u00c3\u00a4".repeat(25) + "@elsewhere.test"; // as the client sends them
    String address;
    try (SmtpClient client = house.connect(Service.SMTP)) {
      client.ask("EHLO c", "250-").ask("MAIL FROM:<" + octets + "> SMTPUTF8", "250");
      client.ask("RCPT TO:<away@example.test>", "250");
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
      address = address(house.departures.all().getLast());
      client.ask("MAIL FROM:<>", "250").ask("RCPT TO:<" + address + ">", "553 5.6.7");
      client.ask("RSET", "250");
      client.ask("MAIL FROM:<> SMTPUTF8", "250").ask("RCPT TO:<" + address + ">", "250");
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
    assertThat(house.departures.all().getLast().recipients())
        .singleElement()
        .matches(recipient -> recipient.to().toString().equals("<" + sender + ">"));
  }

  // ---- who may be told what becomes of it (decision 11) ----

  private @Nullable EmailAddress proven(String from, Verdict spf) {
    house.departures.everybodyIs(spf);
    return forwarded(from).envelope().proven();
  }

  @Test
  void onlyASenderSpfHasProvenMayBeTold() {
    for (Verdict verdict : Verdict.values()) {
      assertThat(proven(STRANGER, verdict))
          .as(verdict.toString())
          .isEqualTo(verdict == Verdict.PASS ? EmailAddress.of(STRANGER) : null);
      assertThat(house.events(SmtpEvent.SenderChecked.class).getLast())
          .returns("<" + STRANGER + ">", SmtpEvent.SenderChecked::from)
          .returns(verdict.toString(), SmtpEvent.SenderChecked::spf)
          .returns("127.0.0.1 c " + STRANGER, SmtpEvent.SenderChecked::reason);
    }
    assertThat(house.events(SmtpEvent.SenderChecked.class)).hasSize(Verdict.values().length);
  }

  /** Nobody need be asked about a notification, or about those at a domain of ours. */
  @Test
  void nobodyElseIsLookedAt() {
    assertThat(proven("", Verdict.PASS)).isNull();
    assertThat(proven("alice@example.test", Verdict.PASS)).isNull();
    assertThat(forwarded("x@[192.0.2.1]").envelope().proven()).isNull();
    try (SmtpClient client = house.connect(Service.SMTP)) {
      client.ask("EHLO c", "250-").mail(STRANGER, "bob@example.test");
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
    // Whose address a program has that uses LMTP cannot be told by its own.
    try (SmtpClient client = house.connect(Service.LMTP)) {
      client.ask("LHLO c", "250-").mail(STRANGER, "away@example.test");
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
    assertThat(house.departures.all().getLast().envelope().proven()).isNull();
    assertThat(house.events(SmtpEvent.SenderChecked.class)).isEmpty();
  }

  /** Its sender hears it now: later nobody would. */
  @Test
  void anAddressThatLeadsNowhereIsRefused() {
    assertThat(rcpt(Service.SMTP, STRANGER, "nowhere@example.test")).startsWith("550 5.4.4");
    assertThat(rcpt(Service.SMTP, STRANGER, "partly@example.test")).startsWith("250");
    String address = address(forwarded("x@nowhere.test"));
    assertThat(rcpt(Service.SMTP, "", address)).startsWith("550 5.1.2");
  }

  /** Whoever was elsewhere when his mail was forwarded may be here when it comes back. */
  @Test
  void aSenderWhoseDomainIsOursByNowGetsItHere() {
    String address = address(forwarded("bob@new.test"));
    house.directory.addDomain(DomainName.of("new.test"));
    assertThat(rcpt(Service.SMTP, "", address)).startsWith("550 5.1.1 No such user");
    house.directory.addAlias(
        EmailAddress.of("bob@new.test"), List.of(EmailAddress.of("bob@example.test")));
    int before = house.departures.all().size();
    try (SmtpClient client = house.connect(Service.SMTP)) {
      client.ask("EHLO c", "250-").mail("", address);
      assertThat(client.data(MESSAGE)).startsWith("250 2.0.0");
    }
    assertThat(house.departures.all()).hasSize(before);
    assertThat(house.inbox("bob@example.test")).hasSize(1);
  }
}
