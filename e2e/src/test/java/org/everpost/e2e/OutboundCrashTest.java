package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand messages go through one server to another, and both are killed again and again
 * meanwhile: every message arrives, and those that arrive twice are as few as can be.
 */
@Tag("slow")
class OutboundCrashTest {

  private static final int MESSAGES = 10_000;
  private static final int SENDERS = 8;
  private static final int KILLS = 8;
  private static final int CONNECTIONS = 10;
  private static final String USER = "reader@far.test";
  private static final String ALIAS = "forward@near.test";
  private static final Pattern NUMBER = Pattern.compile("number (\\d+)\\)");

  private final Installation far = Installation.named("mx.far.test", "FarServer");
  private final Installation near =
      Installation.named(
          "mx.near.test",
          "NearServer",
          "[relay]",
          "routes = { \"far.test\" = \"127.0.0.1:%d\" }".formatted(far.port(Installation.SMTP)),
          "[queue]",
          "retry-first = \"5s\"",
          "retry-longest = \"8s\"",
          "connections-per-destination = " + CONNECTIONS);
  private final AtomicInteger numbers = new AtomicInteger();
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();

  @AfterEach
  void delete() {
    near.delete();
    far.delete();
  }

  @Test
  void whatWasAcknowledgedArrives() throws Exception {
    Random random = new Random(21);
    far.addDomain("far.test");
    far.importAccounts(List.of(USER), Everpost.PASSWORD);
    near.addDomain("near.test");
    near.done("alias", "add", ALIAS, USER);
    int kills = 0;
    EverpostProcess farServer = far.serve();
    EverpostProcess nearServer = near.serve();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < SENDERS; i++) {
        senders.execute(this::sendAll);
      }
      while (acknowledged.size() < MESSAGES) {
        int until = acknowledged.size() + random.nextInt(200, 2 * MESSAGES / KILLS);
        Patience.await(
            () -> acknowledged.size() + " acknowledged",
            () -> acknowledged.size() >= Math.min(until, MESSAGES));
        if (++kills % 2 == 0) {
          farServer.kill();
          farServer = far.serve();
        } else {
          nearServer.kill();
          nearServer = near.serve();
        }
      }
    }
    try (EverpostProcess _ = nearServer;
        EverpostProcess _ = farServer) {
      Patience.await(
          () -> arrived().size() + " arrived", () -> arrived().keySet().containsAll(acknowledged));
      Map<Integer, Integer> arrived = arrived();
      long twice = arrived.values().stream().mapToInt(count -> count - 1).sum();
      // A message is twice there only if a server died between the far one's commit and the near
      // one's: one for each connection at most. Or the sender heard no reply, and sent it again.
      assertThat(twice)
          .as("%d messages, %d kills", acknowledged.size(), kills)
          .isLessThanOrEqualTo((long) kills * (CONNECTIONS + SENDERS));
    }
  }

  /** Each number until it was acknowledged. */
  private void sendAll() {
    for (int n = numbers.getAndIncrement(); n < MESSAGES; n = numbers.getAndIncrement()) {
      while (!acknowledged.contains(n)) {
        try (SmtpClient smtp = new SmtpClient(near.port(Installation.SMTP))) {
          for (int next = n; next < MESSAGES; next = numbers.getAndIncrement()) {
            n = next;
            smtp.deliver("sender@elsewhere.example", ALIAS, message(n));
            acknowledged.add(n);
          }
        } catch (IOException | AssertionError e) {
          // The server was killed, or is not there again yet.
          Thread.onSpinWait();
        }
      }
    }
  }

  private static byte[] message(int number) {
    return ("Subject: (number " + number + ")\r\n\r\n" + "text\r\n".repeat(number % 200))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** How often each number is there. */
  private Map<Integer, Integer> arrived() {
    Map<Integer, Integer> arrived = new HashMap<>();
    try (ImapClient imap = ImapClient.login(far.port(Installation.IMAP), USER, Everpost.PASSWORD)) {
      imap.command("SELECT INBOX");
      for (byte[] line : imap.command("FETCH 1:* (ENVELOPE)")) {
        Matcher number = NUMBER.matcher(ImapClient.text(line));
        if (number.find()) {
          arrived.merge(Integer.parseInt(number.group(1)), 1, Integer::sum);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return arrived;
  }
}
