package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.everpost.testkit.dns.DnsStandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What mail for a few domains costs their name servers; the figures of docs/performance.md. */
@Tag("slow")
class DnsQueriesTest {

  private static final int MESSAGES = 10_000;
  private static final int DOMAINS = 10;
  private static final int SENDERS = 8;

  private final DnsStandIn dns = DnsStandIn.start().ttl(Duration.ofHours(1)).secure(".");
  private final SmtpSink sink = SmtpSink.with();
  private final Installation server =
      Installation.named(
          "mx.near.test",
          "DnsQueries",
          "[dns]",
          "servers = [\"127.0.0.1:%d\"]".formatted(dns.address().getPort()),
          "[relay]",
          "port = " + sink.port());

  @AfterEach
  void end() {
    server.delete();
    sink.close();
    dns.close();
  }

  @Test
  void everyNameIsAskedForOnce() throws Exception {
    server.addDomain("near.test");
    for (int i = 0; i < DOMAINS; i++) {
      dns.zone("d" + i + ".test", Duration.ofHours(1));
      dns.mx("d" + i + ".test", 10, "mx.d" + i + ".test").a("mx.d" + i + ".test", "127.0.0.1");
      server.done("alias", "add", alias(i), "them@d" + i + ".test");
    }
    dns.txt("elsewhere.example", "v=spf1 ip4:127.0.0.1 -all");
    try (EverpostProcess _ = server.serve()) {
      List<Future<?>> senders = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < SENDERS; i++) {
          int first = i;
          senders.add(
              threads.submit(() -> {
                send(first);
                return null;
              }));
        }
      }
      for (Future<?> sender : senders) {
        sender.get();
      }
      Patience.await(
          () -> server.done("status"), () -> number(status(), "recipientsRelayed") == MESSAGES);
      Map<String, Long> byType =
          dns.queries().stream()
              .collect(Collectors.groupingBy(DnsStandIn.Query::type, Collectors.counting()));
      System.out.println(
          MESSAGES
              + " messages to "
              + DOMAINS
              + " domains: "
              + number(Json.object(status(), "dns"), "lookups")
              + " lookups, "
              + dns.queries().size()
              + " queries "
              + byType);
      // MX, A, AAAA, the word of a policy, and TLSA; and once whether the sender is who he says.
      assertThat(dns.queries()).as("%s", byType).hasSize(5 * DOMAINS + 1);
    }
  }

  private Map<String, Object> status() {
    return Json.of(server.done("status", "--json"));
  }

  private static long number(Map<String, Object> in, String name) {
    return Long.parseLong(String.valueOf(in.get(name)));
  }

  private static String alias(int domain) {
    return "to" + domain + "@near.test";
  }

  private void send(int first) throws IOException {
    try (SmtpClient smtp = new SmtpClient(server.port(Installation.SMTP))) {
      for (int i = first; i < MESSAGES; i += SENDERS) {
        byte[] message = ("Subject: " + i + "\r\n\r\ntext\r\n").getBytes(StandardCharsets.US_ASCII);
        smtp.deliver("sender@elsewhere.example", alias(i % DOMAINS), message);
      }
      smtp.quit();
    }
  }
}
