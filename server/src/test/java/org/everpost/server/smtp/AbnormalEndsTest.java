package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.core.time.RandomSource;
import org.everpost.server.guard.Guard;
import org.everpost.server.guard.TestGuard;
import org.everpost.server.net.Service;
import org.everpost.server.relay.StillClock;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However a connection ends and wherever it was: its place is free again. */
class AbnormalEndsTest {

  private static final String CLIENT_HELLO = "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc";
  private static final String PROXY_HEADER = "\r\n\r\n\0\r\nQUIT\n!\u0011\0\f\u007f\t";

  private final StillClock clock = new StillClock();
  private final Guard guard =
      TestGuard.strict(
          Duration.ofMillis(1),
          Duration.ofMinutes(2),
          Set.of(),
          new MemoryStore(clock, RandomSource.seeded(1)),
          clock);
  private final SmtpHouse house = new SmtpHouse(guard);

  @AfterEach
  void close() {
    house.close();
    assertThat(house.events(ConnectionEvent.SessionFailed.class)).isEmpty();
  }

  private static SmtpClient greeted(SmtpClient client) {
    return client.expect("220").ask("EHLO there.test", "250-");
  }

  /** Someone whose message may come: the greylist has seen it before. */
  private SmtpClient mailing(SmtpClient client) {
    greeted(client).ask("MAIL FROM:<a@there.test>", "250 ");
    client.ask("RCPT TO:<alice@example.test>");
    clock.advance(Duration.ofMinutes(2));
    return client.ask("RCPT TO:<alice@example.test>", "250 ");
  }

  /** What is done before the end comes, at port 25. */
  private Map<String, Consumer<SmtpClient>> onPort25() {
    Map<String, Consumer<SmtpClient>> ways = new LinkedHashMap<>();
    ways.put("nothing", _ -> {});
    ways.put("early talk", client -> client.send("EHLO there.test\r\n"));
    ways.put("half a line", client -> client.expect("220").send("EHLO the"));
    ways.put("EHLO", AbnormalEndsTest::greeted);
    ways.put("HTTP", client -> client.expect("220").send("GET / HTTP/1.1\r\n"));
    ways.put("MAIL", client -> greeted(client).send("MAIL FROM:<a@there.test>\r\n"));
    ways.put("DATA", client -> mailing(client).ask("DATA", "354").send("Subject: h"));
    ways.put("BDAT", client -> mailing(client).send("BDAT 100000\r\nSubject: h"));
    ways.put("BDAT that is not due", client -> greeted(client).send("BDAT 100000\r\nSubject: h"));
    ways.put("half open TLS", client -> greeted(client).ask("STARTTLS", "220").send(CLIENT_HELLO));
    ways.put("no TLS", client -> greeted(client).ask("STARTTLS", "220").send("EHLO x\r\n\r\n"));
    ways.put("plaintext before TLS", client -> greeted(client).send("STARTTLS\r\nEHLO x\r\n"));
    return ways;
  }

  private static Map<String, Consumer<SmtpClient>> onSubmission() {
    Map<String, Consumer<SmtpClient>> ways = new LinkedHashMap<>();
    ways.put("nothing", _ -> {});
    ways.put(
        "AUTH",
        client -> greeted(client).startTls().ask("EHLO x.test", "250-").ask("AUTH LOGIN", "334 "));
    ways.put(
        "half an AUTH",
        client ->
            greeted(client)
                .startTls()
                .ask("EHLO x.test", "250-")
                .ask("AUTH LOGIN", "334 ")
                .send("YWxp"));
    return ways;
  }

  private static Map<String, Consumer<SmtpClient>> onTls() {
    return Map.of(
        "nothing", _ -> {},
        "half open TLS", client -> client.send(CLIENT_HELLO),
        "no TLS", client -> client.send("EHLO there.test\r\n"));
  }

  private void everyWay(Service service, String prefix, Map<String, Consumer<SmtpClient>> ways) {
    AtomicInteger host = new AtomicInteger();
    ways.forEach((name, way) -> {
      for (boolean reset : new boolean[] {false, true}) {
        String from = prefix + host.incrementAndGet();
        try (SmtpClient client = SmtpClient.connect(house.listener(service).address(), from)) {
          way.accept(client);
          client.raw().socket().setSoLinger(reset, 0);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        awaitNobody(name);
      }
    });
  }

  private void awaitNobody(String after) {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (TestGuard.taken(guard) > 0) {
      assertThat(System.nanoTime()).as(after).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  @Test
  void onPort25NoPlaceIsLeftBehind() {
    everyWay(Service.SMTP, "127.0.1.", onPort25());
    assertThat(house.events(ConnectionEvent.Opened.class)).hasSize(2 * onPort25().size());
  }

  @Test
  void onSubmissionNoPlaceIsLeftBehind() {
    everyWay(Service.SUBMISSION, "127.0.2.", onSubmission());
    everyWay(Service.SUBMISSIONS, "127.0.3.", onTls());
  }

  @Test
  void behindALoadBalancerNoPlaceIsLeftBehind() {
    for (int i = 0; i <= PROXY_HEADER.length(); i++) {
      String part = PROXY_HEADER.substring(0, i);
      try (SmtpClient client =
          SmtpClient.connect(house.listener(Service.SMTP).address(), "127.0.0.77")) {
        client.send(part);
      }
      awaitNobody("a header of " + i);
    }
    assertThat(house.events(ConnectionEvent.Opened.class)).isEmpty();
  }

  @Test
  void whoeverIsDeniedLeavesNoPlaceBehind() {
    try (SmtpClient client =
        greeted(SmtpClient.connect(house.listener(Service.SMTP).address(), "127.0.4.1"))) {
      client.ask("MAIL FROM:<a@there.test>", "250 ");
      TestGuard.deny(guard, "127.0.4.0/24");
      client.expect("421 4.7.0");
      assertThat(client.reply()).isEqualTo(SmtpClient.CLOSED);
    }
    awaitNobody("the denial");
    try (SmtpClient again =
        SmtpClient.connect(house.listener(Service.SMTP).address(), "127.0.4.1")) {
      again.send("QUIT\r\n".repeat(60)).expect("421 4.7.0");
    }
    awaitNobody("the refusal");
  }
}
