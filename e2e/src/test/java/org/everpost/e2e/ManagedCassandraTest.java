package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server with a Cassandra of its own: nothing is left of that one when the server is gone. */
@Tag("slow")
class ManagedCassandraTest {

  private static final String USER = "alice@example.test";
  private static final byte[] MESSAGE =
      "Subject: kept\r\n\r\nin Cassandra\r\n".getBytes(StandardCharsets.US_ASCII);

  /** In the log: the child's process id. */
  private static final Pattern CHILD = Pattern.compile("node-changed.* pid=(\\d+) .*started");

  private final Installation installation =
      Installation.create(
          "ManagedCassandra", Installation.cassandra("managed", Ports.forCassandra()));

  @AfterEach
  void delete() {
    installation.delete();
  }

  @Test
  void mailIsKeptWhileServerAndCassandraComeAndGo() throws IOException {
    installation.addDomain(Everpost.DOMAIN);
    installation.addAccount(USER, Everpost.PASSWORD);
    List<ProcessHandle> cassandra = new ArrayList<>();
    try (EverpostProcess server = installation.serve()) {
      deliver();
      verify(1);
      cassandra.addAll(server.children());
    }
    assertThat(cassandra).hasSize(1).noneMatch(ProcessHandle::isAlive);

    try (EverpostProcess server = installation.serve()) {
      verify(1);
      deliver();
      verify(2);
      List<ProcessHandle> children = server.children();
      assertThat(children).hasSize(1);
      server.kill();
      Patience.await(
          () -> "Cassandra's end after its parent's",
          () -> children.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  private void deliver() throws IOException {
    try (SmtpClient smtp = new SmtpClient(installation.port(Installation.SMTP))) {
      smtp.deliver("sender@elsewhere.example", USER, MESSAGE);
      smtp.quit();
    }
  }

  private void verify(int count) throws IOException {
    String text = ImapClient.text(MESSAGE);
    try (ImapClient imap =
        ImapClient.login(installation.port(Installation.IMAP), USER, Everpost.PASSWORD)) {
      imap.command("SELECT INBOX");
      assertThat(imap.search("ALL")).hasSize(count);
      assertThat(imap.messageText(count)).endsWith(text);
    }
    try (Pop3Client pop3 = new Pop3Client(installation.port(Installation.POP3), USER)) {
      assertThat(pop3.messages())
          .hasSize(count)
          .allSatisfy(stored -> assertThat(ImapClient.text(stored)).endsWith(text));
    }
  }

  @Test
  void toldToStopWhileCassandraStartsItStopsBoth() {
    EverpostProcess server = installation.launch();
    Patience.await(
        () -> "the child: " + server.logLines(),
        () -> server.logLines().stream().anyMatch(line -> CHILD.matcher(line).find()));
    List<ProcessHandle> children = server.children();
    server.stop();
    assertThat(children).hasSize(1).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void aServerThatCannotStartLeavesNoCassandraBehind() throws IOException {
    try (ServerSocket taken =
        new ServerSocket(
            installation.port(Installation.IMAP), 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertThat(taken.isBound()).isTrue();
      Tool.Result result =
          installation
              .command("serve")
              .run()
              .exited(1)
              .says("listen.imap", "another program listens there already");
      Matcher child = CHILD.matcher(result.err());
      assertThat(child.find()).as("%s", result).isTrue();
      assertThat(ProcessHandle.of(Long.parseLong(child.group(1)))).isEmpty();
    }
  }

  @Test
  void withoutJava17NothingStarts() {
    Tool.Result result =
        installation
            .command("serve")
            .environment("EVERPOST_JAVA17", installation.directory().toString())
            .run()
            .exited(1)
            .says("EVERPOST_JAVA17", installation.directory().toString(), "no Java 17");
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).doesNotContain("node-changed");
    assertThat(installation.data().resolve("cassandra")).doesNotExist();
  }
}
