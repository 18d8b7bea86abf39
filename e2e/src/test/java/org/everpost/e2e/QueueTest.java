package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.everpost.store.cassandra.CassandraCluster;
import org.everpost.testkit.smtp.PeerAction;
import org.everpost.testkit.smtp.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code everpost queue}: mail for a server that is away, then there, then silent. */
@Tag("slow")
class QueueTest {

  private static final String USER = "user@" + Everpost.DOMAIN;

  private final int peerPort = Ports.free(1).getFirst();
  private final List<Installation> created = new ArrayList<>();

  @AfterEach
  void delete() {
    created.forEach(Installation::delete);
  }

  private Installation create(String name, String... more) {
    Installation installation =
        Installation.create(
            name,
            String.join("\n", more),
            "[queue]",
            "retry-first = \"1h\"", // nothing is tried again by itself
            "[relay]",
            "routes = { \"peer.test\" = \"127.0.0.1:" + peerPort + "\" }");
    created.add(installation);
    return installation;
  }

  private ScriptedPeer peer() {
    return new ScriptedPeer("127.0.0.1", peerPort, "peer.test", null);
  }

  private static void addUser(Installation installation) {
    installation.addDomain(Everpost.DOMAIN);
    installation.importAccounts(List.of(USER), Everpost.PASSWORD);
  }

  /** Submits a message for somebody elsewhere; its id in the queue. */
  private static String submit(Installation at, String to) throws IOException {
    try (LineSocket smtp = LineSocket.tls(at.port(Installation.SUBMISSIONS))) {
      expect(smtp, "220");
      say(smtp, "EHLO client.test", "250");
      byte[] plain = ("\0" + USER + "\0" + Everpost.PASSWORD).getBytes(StandardCharsets.UTF_8);
      say(smtp, "AUTH PLAIN " + Base64.getEncoder().encodeToString(plain), "235");
      say(smtp, "MAIL FROM:<" + USER + ">", "250");
      say(smtp, "RCPT TO:<" + to + ">", "250");
      say(smtp, "DATA", "354");
      smtp.write("From: " + USER + "\r\nSubject: to " + to + "\r\n\r\nHello\r\n");
      String reply = say(smtp, ".", "250 2.0.0 Queued as ");
      return reply.substring(reply.lastIndexOf(' ') + 1);
    }
  }

  private static String say(LineSocket smtp, String command, String reply) throws IOException {
    smtp.send(command);
    return expect(smtp, reply);
  }

  private static String expect(LineSocket smtp, String reply) throws IOException {
    String line = smtp.line();
    while (line.length() > 3 && line.charAt(3) == '-') {
      line = smtp.line();
    }
    assertThat(line).startsWith(reply);
    return line;
  }

  private static Map<String, Object> queueStatus(Installation installation) {
    return Json.object(Json.of(installation.done("status", "--json")), "queue");
  }

  private static void awaitBlocked(Installation installation) {
    Patience.await(
        () -> "peer.test is found to be away",
        () -> Objects.equals(queueStatus(installation).get("destinationsBlocked"), 1L));
  }

  private static int listed(Installation installation) {
    return Json.list(installation.done("queue", "list", "--json")).size();
  }

  @Test
  void whatWaitsIsSeenAndChangedWithAServerAndWithoutOne() throws IOException {
    Installation installation = create("QueueTest");
    addUser(installation);
    String first;
    String held;
    String given;
    try (EverpostProcess server = installation.serve()) {
      first = submit(installation, "first@peer.test");
      awaitBlocked(installation);
      held = submit(installation, "held@peer.test");
      given = submit(installation, "given@peer.test");
      assertThat(installation.done("queue", "list"))
          .contains(first, held, given, "held@peer.test", "4.4.1");
      assertThat(installation.done("queue", "summary"))
          .containsPattern("3 +peer\\.test.*4\\.4\\.1");
      assertThat(installation.done("queue", "show", held)).contains("reason:", "tried 0 times");
      installation.done("queue", "hold", held, given, "--reason", "to be looked at");
      assertThat(queueStatus(installation)).containsEntry("waiting", 1L).containsEntry("held", 2L);
      assertThat(installation.done("status"))
          .contains("messagesQueued: 3", "recipientsDeferred: 1", "cacheHits: ");

      try (ScriptedPeer peer = peer()) {
        installation.done("queue", "retry", first);
        Patience.await(() -> "the first one arrives", () -> peer.messages().size() == 1);
        Patience.await(() -> "the others are left", () -> listed(installation) == 2);
        assertThat(peer.messages().getFirst()).contains("Subject: to first@peer.test");
      }
      assertThat(server.logLines())
          .anyMatch(line -> line.contains(first) && line.contains("retried"));
    }

    assertThat(installation.done("queue", "list", "--held")).contains(held, "to be looked at");
    assertThat(installation.done("queue", "release", held)).isEqualTo("1 message released\n");
    assertThat(installation.done("queue", "expire", given)).isEqualTo("1 message given up\n");
    assertThat(installation.command("queue", "delete", first).run().exit()).isEqualTo(1);
    try (ScriptedPeer peer = peer();
        EverpostProcess _ = installation.serve()) {
      Patience.await(() -> "the released one arrives", () -> peer.messages().size() == 1);
      assertThat(peer.messages().getFirst()).contains("Subject: to held@peer.test");
      Patience.await(() -> "the queue is empty", () -> listed(installation) == 0);
      try (Pop3Client mailbox = new Pop3Client(installation.port(Installation.POP3), USER)) {
        assertThat(mailbox.messages())
            .singleElement()
            .satisfies(bytes ->
                assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                    .contains("given@peer.test", "Given up by the postmaster"));
      }
    }
  }

  @Test
  void whoIsSilentDoesNotHoldUpTheEnd() throws IOException {
    Installation installation = create("QueueTestSilent");
    addUser(installation);
    try (ScriptedPeer peer = peer().at("GREETING", PeerAction.silence());
        EverpostProcess server = installation.serve()) {
      submit(installation, "b@peer.test");
      submit(installation, "c@peer.test");
      Patience.await(() -> "a connection", () -> peer.connections() > 0);
      server.stop(); // within ten seconds
    }
    assertThat(listed(installation)).isEqualTo(2);
  }

  /** Who has the data directory is the node: a command never takes what another node has. */
  @Test
  void aCommandDoesNotTakeTheQueueOfAnotherNode(@TempDir Path directory) throws Exception {
    try (CassandraCluster cluster = CassandraCluster.start(1, directory)) {
      int port = cluster.options("everpost").contactPoints().getFirst().getPort();
      String[] store = Installation.cassandra("external", port);
      Installation installation = create("QueueTestA", store);
      addUser(installation);
      Installation other = create("QueueTestB", store);
      String id;
      try (EverpostProcess server = installation.serve()) {
        id = submit(installation, "b@peer.test");
        awaitBlocked(installation);
        assertThat(other.done("queue", "list", "--json")).isEqualTo("[]\n");
        assertThat(other.done("queue", "delete", "--all", "--yes"))
            .isEqualTo("0 messages deleted\n");
        assertThat(installation.done("queue", "list", "--json")).contains(id);
        submit(installation, "c@peer.test");
        assertThat(server.logLines()).noneMatch(line -> line.contains("spool.taken"));
        server.kill();
      }

      // Without its server the queue is there for a command, and then for the server again.
      assertThat(listed(installation)).isEqualTo(2);
      assertThat(installation.done("queue", "delete", id)).isEqualTo("1 message deleted\n");
      try (ScriptedPeer peer = peer();
          EverpostProcess again = installation.serve()) {
        Patience.await(() -> "the other one arrives", () -> peer.messages().size() == 1);
        assertThat(again.logLines()).noneMatch(line -> line.contains("spool.taken"));
      }
    }
  }
}
