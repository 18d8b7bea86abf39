package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.testkit.smtp.PeerAction;
import org.everpost.testkit.smtp.ScriptedPeer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Two servers that forward to each other, and two of others: where a stranger is at home, and where
 * mail is forwarded to. Whatever happens, messages come to an end, and the stranger hears only what
 * others tell him, unless SPF shows that he is who he says.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardingTest {

  private static final String STRANGER = "stranger@origin.test";
  private static final String ALICE = "alice@north.test";

  private static final String ACCEPTED = "smtp.message-accepted";
  private static final String NOTIFIED = "relay.notified";
  private static final String NOBODY_TOLD = "relay.nobody-told";

  private static final String CHECKED = "smtp.sender-checked";

  private final DnsStandIn dns = DnsStandIn.start();
  private final Installation north =
      Installation.named(
          "mx.north.test",
          "ForwardingNorth",
          "[dns]",
          "servers = [\"127.0.0.1:%d\"]".formatted(dns.address().getPort()));
  private final Installation south = Installation.named("mx.south.test", "ForwardingSouth");
  private final ScriptedPeer origin = new ScriptedPeer();
  private final ScriptedPeer target = new ScriptedPeer();
  private EverpostProcess northServer;
  private EverpostProcess southServer;

  @BeforeAll
  void start() {
    for (Installation each : List.of(north, south)) {
      configure(each);
    }
    dns.txt("honest.test", "v=spf1 include:spf.honest.test -all");
    dns.txt("spf.honest.test", "v=spf1 ip4:127.0.0.1 -all");
    dns.txt("forged.test", "v=spf1 ip4:192.0.2.1 -all");
    north.addDomain("north.test");
    north.importAccounts(List.of(ALICE), Everpost.PASSWORD);
    north.done("alias", "add", "loop@north.test", "loop@south.test");
    north.done("alias", "add", "@north.test", "z@south.test");
    north.done("alias", "add", "one@north.test", "two@north.test");
    north.done("alias", "add", "two@north.test", "three@north.test");
    north.done("alias", "add", "three@north.test", "one@north.test", ALICE);
    north.done("alias", "add", "ring@north.test", "round@north.test");
    north.done("alias", "add", "round@north.test", "ring@north.test");
    north.done("alias", "add", "away@north.test", "somebody@target.test");
    north.done("alias", "add", "far@north.test", "away@south.test");
    north.done("alias", "add", "refused@north.test", "nobody@south.test");
    south.addDomain("south.test");
    south.done("alias", "add", "loop@south.test", "loop@north.test");
    south.done("alias", "add", "z@south.test", "w@north.test");
    south.done("alias", "add", "away@south.test", "somebody@target.test");
    northServer = north.serve();
    southServer = south.serve();
  }

  /** Everybody finds the others by routes. */
  private void configure(Installation installation) {
    String routes =
        "[relay]%nroutes = { \"north.test\" = \"127.0.0.1:%d\", \"south.test\" = \"127.0.0.1:%d\", \"origin.test\" = \"127.0.0.1:%3$d\", \"honest.test\" = \"127.0.0.1:%3$d\", \"forged.test\" = \"127.0.0.1:%3$d\", \"target.test\" = \"127.0.0.1:%4$d\" }%n"
            .formatted(
                north.port(Installation.SMTP),
                south.port(Installation.SMTP),
                origin.port(),
                target.port());
    try {
      Files.writeString(installation.config(), routes, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  void stop() {
    try (dns;
        origin;
        target) {
      northServer.close();
      southServer.close();
    } finally {
      north.delete();
      south.delete();
    }
  }

  private static void deliver(Installation at, String from, String to, String message)
      throws IOException {
    try (SmtpClient smtp = new SmtpClient(at.port(Installation.SMTP))) {
      smtp.deliver(from, to, message.getBytes(StandardCharsets.US_ASCII));
      smtp.quit();
    }
  }

  /** How often something happened at a server, by its log: asking takes a program each time. */
  private static long count(EverpostProcess at, String event) {
    return at.logLines().stream().filter(line -> line.contains(" event=" + event + " ")).count();
  }

  private static boolean isEmpty(Installation queue) {
    return Json.list(queue.done("queue", "list", "--json")).isEmpty();
  }

  /** Waits until nothing is on its way any more, at either of them. */
  private void awaitRest(EverpostProcess at, long untold) {
    Patience.await(() -> "a failure nobody is told of", () -> count(at, NOBODY_TOLD) == untold);
    Patience.await(() -> "empty queues", () -> isEmpty(north) && isEmpty(south));
  }

  /** The path a message has come to a peer from last. */
  private static String lastSender(ScriptedPeer peer) {
    String mail = peer.commands().stream().filter(c -> c.startsWith("MAIL")).toList().getLast();
    return mail.substring(mail.indexOf('<') + 1, mail.indexOf('>'));
  }

  private String inbox() throws IOException {
    try (Pop3Client mailbox = new Pop3Client(north.port(Installation.POP3), ALICE)) {
      StringBuilder all = new StringBuilder();
      for (byte[] message : mailbox.messages()) {
        all.append(new String(message, StandardCharsets.ISO_8859_1));
      }
      return all.toString();
    }
  }

  /** Refused by the first that sees it again; nobody bounces anything, and nothing goes round. */
  @Test
  void addressesThatPointAtEachOtherEndWithOneRefusal() throws IOException {
    long untold = count(southServer, NOBODY_TOLD);
    long accepted = count(northServer, ACCEPTED);
    int heard = origin.messages().size();
    long told = count(northServer, NOTIFIED) + count(southServer, NOTIFIED);
    deliver(north, STRANGER, "loop@north.test", "Subject: round and round\r\n\r\nx\r\n");
    awaitRest(southServer, untold + 1);
    assertThat(count(northServer, ACCEPTED)).isEqualTo(accepted + 1);
    assertThat(southServer.logLines())
        .anyMatch(line -> line.contains(NOBODY_TOLD) && line.contains("<loop@north.test>"));
    // Once more around, as the address is another each time: still it ends.
    untold = count(northServer, NOBODY_TOLD);
    deliver(north, STRANGER, "anything@north.test", "Subject: twice\r\n\r\nx\r\n");
    awaitRest(northServer, untold + 1);
    assertThat(count(northServer, ACCEPTED)).isEqualTo(accepted + 3);
    assertThat(count(northServer, NOTIFIED) + count(southServer, NOTIFIED)).isEqualTo(told);
    assertThat(origin.messages()).hasSize(heard);
  }

  /** RFC 5321 §6.3: where no address is met again, hops are counted. */
  @Test
  void tooManyHopsAreTheEndOfIt() throws IOException {
    long untold = count(northServer, NOBODY_TOLD);
    String hops = "Received: from a by b; Thu, 26 Nov 2026 08:00:00 +0000\r\n".repeat(100);
    deliver(north, STRANGER, "far@north.test", hops + "Subject: tired\r\n\r\nx\r\n");
    awaitRest(northServer, untold + 1);
    assertThat(northServer.logLines())
        .anyMatch(line -> line.contains(NOBODY_TOLD) && line.contains("Too many Received"));
  }

  @Test
  void addressesThatLeadToEachOtherInOneServerAreFollowedOnce() throws IOException {
    deliver(north, STRANGER, "one@north.test", "Subject: chained\r\n\r\nx\r\n");
    assertThat(inbox()).containsOnlyOnce("Subject: chained");
    try (LineSocket smtp = LineSocket.plain(north.port(Installation.SMTP))) {
      assertThat(smtp.line()).startsWith("220");
      for (String line : List.of("HELO client.test", "MAIL FROM:<" + STRANGER + ">")) {
        smtp.send(line);
        assertThat(smtp.line()).startsWith("250");
      }
      smtp.send("RCPT TO:<ring@north.test>");
      assertThat(smtp.line()).startsWith("550 5.1.1");
    }
  }

  @Test
  void whatSomebodyElseBouncesGoesBackToWhoeverSentIt() throws IOException {
    int before = target.messages().size();
    deliver(north, STRANGER, "away@north.test", "Subject: forwarded\r\n\r\nx\r\n");
    Patience.await(() -> "it arrives", () -> target.messages().size() == before + 1);
    String once = lastSender(target);
    assertThat(once).startsWith("SRS0=").endsWith("=origin.test=stranger@north.test");
    assertThat(target.messages().getLast()).startsWith("Delivered-To: away@north.test\r\n");

    // By two servers, one after the other.
    deliver(north, STRANGER, "far@north.test", "Subject: twice\r\n\r\nx\r\n");
    Patience.await(() -> "the other arrives", () -> target.messages().size() == before + 2);
    String twice = lastSender(target);
    assertThat(twice).startsWith("SRS1=").endsWith("=origin.test=stranger@south.test");

    int heard = origin.messages().size();
    deliver(north, "", once, "Subject: it did not arrive\r\n\r\nx\r\n");
    Patience.await(() -> "he hears of it", () -> origin.messages().size() == heard + 1);
    deliver(south, "", twice, "Subject: nor did the other\r\n\r\nx\r\n");
    Patience.await(() -> "he hears of both", () -> origin.messages().size() == heard + 2);
    assertThat(lastSender(origin)).isEmpty();
    assertThat(origin.commands()).contains("RCPT TO:<" + STRANGER + ">");
  }

  /** Whose message it is he has to be told (RFC 5321 §6.1), and SPF says whose it is. */
  @Test
  void whoeverIsProvenToHaveSentItIsTold() throws IOException {
    String honest = "writer@honest.test";
    target.at(
        "RCPT",
        PeerAction.say("550 5.2.2 full"),
        PeerAction.say("550 5.2.2 full"),
        PeerAction.say("250 2.1.5 Ok"));
    int heard = origin.messages().size();
    long untold = count(northServer, NOBODY_TOLD);
    deliver(north, honest, "away@north.test", "Subject: mine\r\n\r\nx\r\n");
    Patience.await(() -> "he is told", () -> origin.messages().size() == heard + 1);
    assertThat(origin.commands()).contains("RCPT TO:<" + honest + ">");
    assertThat(lastSender(origin)).isEmpty();
    assertThat(origin.messages().getLast())
        .contains("To: <" + honest + ">", "Action: failed", "550 5.2.2 full", "Subject: mine")
        .contains("Original-Recipient: rfc822; away@north.test");
    assertThat(northServer.logLines())
        .anyMatch(line -> line.contains(CHECKED) && line.contains(" spf=pass "));
    assertThat(count(northServer, NOBODY_TOLD)).isEqualTo(untold);
    // He whose name a forger has used hears nothing.
    deliver(north, "victim@forged.test", "away@north.test", "Subject: his\r\n\r\nx\r\n");
    awaitRest(northServer, untold + 1);
    assertThat(northServer.logLines())
        .anyMatch(line -> line.contains(CHECKED) && line.contains(" spf=fail "));
    assertThat(origin.messages()).hasSize(heard + 1);
  }

  /** What nobody can prove he has sent must not come to him as our notification. */
  @Test
  void whatIsRefusedIsInTheLogAndNotToldToStrangers() throws IOException {
    target.at("RCPT", PeerAction.say("550 5.2.2 full"), PeerAction.say("250 2.1.5 Ok"));
    long untold = count(northServer, NOBODY_TOLD);
    int heard = origin.messages().size();
    deliver(north, STRANGER, "away@north.test", "Subject: refused\r\n\r\nx\r\n");
    awaitRest(northServer, untold + 1);
    assertThat(northServer.logLines())
        .anyMatch(line -> line.contains(NOBODY_TOLD) && line.contains("5.2.2 full"));
    assertThat(origin.messages()).hasSize(heard);
    // A sender here is told, in his mailbox.
    deliver(north, ALICE, "refused@north.test", "Subject: mine\r\n\r\nx\r\n");
    Patience.await(() -> "alice is told", () -> inbox().contains("Action: failed"));
  }
}
