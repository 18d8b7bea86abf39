package org.everpost.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.everpost.core.config.Config;
import org.everpost.core.config.ConfigException;
import org.everpost.core.event.EventSink;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.RetryRules;
import org.everpost.core.spool.Scheduler;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.core.spool.TlsDemand;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.data.Foundation;
import org.everpost.server.data.StartException;
import org.everpost.server.guard.TestGuard;
import org.everpost.server.outbound.Departure;
import org.everpost.server.outbound.Notice;
import org.everpost.server.outbound.Outbound;
import org.everpost.server.outbound.QueueFilter;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.server.relay.Relay;
import org.everpost.store.BlobId;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code everpost queue}, with a server that runs and without one. */
final class QueueCommandsTest {

  @TempDir Path directory;

  private final Clock clock = Clock.system();

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        directory.resolve("everpost.toml"), "hostname = \"mx1.example.test\"\ndata = \"data\"\n");
  }

  private int run(TestConsole console, String... words) {
    try {
      return new Program((_, _) -> {}, directory).run(List.of(words), console);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String done(String... words) {
    TestConsole console = new TestConsole();
    assertThat(run(console, words)).as(console.err()).isZero();
    return console.out();
  }

  private String refused(String... words) {
    TestConsole console = new TestConsole();
    assertThat(run(console, words)).as(console.out()).isEqualTo(1);
    return console.err();
  }

  private String mistyped(String... words) {
    TestConsole console = new TestConsole();
    assertThat(run(console, words)).as(console.out()).isEqualTo(2);
    return console.err();
  }

  private Foundation open() {
    try {
      return Foundation.open(
          Config.load(directory.resolve("everpost.toml")),
          clock,
          RandomSource.secure(),
          EventSink.NONE);
    } catch (ConfigException | StartException e) {
      throw new AssertionError(e);
    }
  }

  private Outbound outbound(Foundation foundation) {
    try {
      return new Outbound(
          foundation.openSpool(),
          Scheduler.Settings.DEFAULT,
          RetryRules.DEFAULT,
          (_, _, _) ->
              new Relay.Attempt.Failed(Reason.ours("4.4.1", "no answer\u001b[2J\nat all"), false),
          foundation.store().blobs(),
          (_, _) -> OutgoingMessage.UNSIGNED,
          (_, _, _) -> Notice.NONE,
          clock,
          RandomSource.secure(),
          EventSink.NONE);
    } catch (StartException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> fill(Foundation foundation, Outbound outbound, String... recipients) {
    List<String> ids = new ArrayList<>();
    for (String recipient : recipients) {
      String text = "Subject: x\r\n\r\nHello\r\n";
      BlobId blob;
      try {
        blob =
            foundation
                .store()
                .blobs()
                .put(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      ids.add(
          outbound.accept(
              List.of(
                  new Departure(
                      "alice@example.test",
                      new Envelope(
                          path("alice@example.test"),
                          Body.SEVEN_BIT,
                          false,
                          TlsDemand.USUAL,
                          null,
                          null),
                      "",
                      blob,
                      0,
                      text.length(),
                      List.of(
                          SpooledRecipient.fresh(
                              path(recipient), Set.of(), null, clock.instant()))))));
    }
    return ids;
  }

  private static org.everpost.wire.smtp.Path path(String address) {
    return new org.everpost.wire.smtp.Path.Address(EmailAddress.of(address));
  }

  /** The messages are to b, c and d at peer.test and e at other.test, in this order. */
  private void everyCommand(List<String> ids) {
    String list = done("queue", "list");
    assertThat(list.lines()).hasSize(5);
    assertThat(list).startsWith("ID  ").contains("alice@example.test", "b@peer.test", ids.get(3));
    assertThat(done("queue", "list", "--limit", "2").lines()).hasSize(3);
    assertThat(done("queue", "list", "--to", "other.test").lines()).hasSize(2);
    assertThat(done("queue", "list", "--to", "other.test", "--json"))
        .startsWith("[{\"id\":\"" + ids.get(3) + "\"")
        .contains("\"from\":\"alice@example.test\"", "\"to\":\"e@other.test\"")
        .endsWith("}]\n");
    assertThat(done("queue", "list", "--older-than", "2d", "--json")).isEqualTo("[]\n");
    assertThat(refused("queue", "list", "--older-than", "old")).contains("'old' is not an age");
    assertThat(refused("queue", "list", "--to", "no domain")).contains("no domain");
    assertThat(done("queue", "list", "--json"))
        .contains("},{\"id\":\"" + ids.get(1))
        .endsWith("]\n");

    assertThat(done("queue", "show", ids.getFirst()))
        .contains("id:        " + ids.getFirst(), "sender:    alice@example.test", "state:")
        .contains("to:        b@peer.test");
    assertThat(done("queue", "show", ids.getFirst().toUpperCase(java.util.Locale.ROOT), "--json"))
        .startsWith("{\"id\":\"" + ids.getFirst() + "\",\"accepted\":\"2");
    assertThat(refused("queue", "show", "1absent"))
        .isEqualTo("everpost: there is no message 1absent in the queue\n");
    assertThat(refused("queue", "show", "no id!"))
        .isEqualTo("everpost: 'no id!' is not a queue id\n");

    assertThat(done("queue", "hold", ids.get(0), ids.get(1), "--reason", "to be looked at"))
        .isEqualTo("2 messages held\n");
    assertThat(done("queue", "list", "--held")).contains("to be looked at");
    assertThat(done("queue", "hold", ids.get(0), "--reason", "to be looked at"))
        .isEqualTo("0 messages held\n1 message unchanged\n");
    assertThat(done("queue", "hold", ids.get(0)))
        .as("its reason stays")
        .isEqualTo("0 messages held\n1 message unchanged\n");
    assertThat(done("queue", "summary"))
        .contains("MESSAGES  DESTINATION", "       2  peer.test", "to be looked at");
    assertThat(done("queue", "summary", "--limit", "1").lines()).hasSize(2);
    assertThat(done("queue", "summary", "--json"))
        .contains("\"destination\":\"other.test\",\"messages\":1");
    assertThat(refused("queue", "retry", ids.getFirst())).contains("1 message held");
    assertThat(done("queue", "release", "--held")).isEqualTo("2 messages released\n");
    assertThat(done("queue", "retry", "--to", "peer.test", "--json"))
        .isEqualTo("{\"changed\":3,\"unchanged\":0,\"held\":0,\"underWay\":0,\"absent\":0}\n");

    TestConsole some = new TestConsole();
    assertThat(run(some, "queue", "delete", ids.get(0), "1absent")).isEqualTo(1);
    assertThat(some.out()).isEqualTo("1 message deleted\n");
    assertThat(some.err()).isEqualTo("everpost: there is no message 1absent in the queue\n");
    TestConsole no = new TestConsole().input("no\n");
    assertThat(run(no, "queue", "delete", "--all")).isEqualTo(1);
    assertThat(no.err()).contains("Type 'yes'", "nothing was changed");
    TestConsole asJson = new TestConsole().input("no\n");
    assertThat(run(asJson, "queue", "delete", "--all", "--json")).isEqualTo(1);
    assertThat(asJson.out()).isEqualTo("{\"error\":\"nothing was changed\"}\n");
    assertThat(done("queue", "list").lines()).hasSize(4);
    assertThat(mistyped("queue", "delete")).contains("--all");
    assertThat(mistyped("queue", "delete", ids.get(1), "--all")).contains("mutually exclusive");
    assertThat(mistyped("queue", "delete", "--held", "--all")).contains("only one match");
    TestConsole yes = new TestConsole().input("yes\n");
    assertThat(run(yes, "queue", "delete", "--all")).isZero();
    assertThat(yes.out()).isEqualTo("3 messages deleted\n");
    TestConsole empty = new TestConsole();
    assertThat(run(empty, "queue", "list")).isZero();
    assertThat(empty.err()).isEqualTo("everpost: no message\n");
    assertThat(done("queue", "expire", "--all", "--yes")).isEqualTo("0 messages given up\n");
  }

  private static final String[] RECIPIENTS = {
    "b@peer.test", "c@peer.test", "d@peer.test", "e@other.test"
  };

  /** Opens the store some thirty times. */
  @Test
  @Tag("slow")
  void withoutAServer() {
    List<String> ids;
    try (Foundation foundation = open()) {
      ids = fill(foundation, outbound(foundation), RECIPIENTS);
    }
    everyCommand(ids);
  }

  @Test
  void whatIsGivenUpWithoutAServerWaitsForItsSenderToBeTold() {
    List<String> ids;
    try (Foundation foundation = open()) {
      ids = fill(foundation, outbound(foundation), "b@peer.test");
    }
    done("queue", "hold", ids.getFirst());
    assertThat(done("queue", "expire", "--held")).isEqualTo("1 message given up\n");
    assertThat(done("queue", "list")).contains("to be told", "4.4.7 Given up by the postmaster");
    assertThat(done("queue", "expire", ids.getFirst()))
        .isEqualTo("0 messages given up\n1 message unchanged\n");
  }

  @Test
  void withAServer() throws IOException {
    try (Foundation foundation = open();
        Outbound outbound = outbound(foundation);
        ControlSocket _ =
            Program.control(
                foundation,
                outbound.queue(),
                TestGuard.bare(10, 10).desk(),
                () -> Map.of("uptimeSeconds", 7))) {
      everyCommand(fill(foundation, outbound, RECIPIENTS));
    }
  }

  @Test
  void whatIsInTheWayIsShownAndCannotTellTheTerminalWhatToDo() throws IOException {
    try (Foundation foundation = open();
        Outbound outbound = outbound(foundation);
        ControlSocket _ =
            Program.control(
                foundation,
                outbound.queue(),
                TestGuard.bare(10, 10).desk(),
                () -> Map.of("uptimeSeconds", 7))) {
      outbound.start();
      List<String> ids = fill(foundation, outbound, "b@peer.test", "c@peer.test", "d@peer.test");
      long until = clock.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (outbound.queue().size().blocked() == 0
          || outbound.queue().summary(QueueFilter.ALL, _ -> {}).size() > 1) {
        assertThat(clock.nanoTime()).isLessThan(until);
        Thread.onSpinWait();
      }
      for (String words : List.of("list", "summary", "show " + ids.get(2))) {
        assertThat(done(("queue " + words).split(" ", -1)))
            .as(words)
            .contains("4.4.1 no answer?[2J at all")
            .doesNotContain("\u001b");
      }
      assertThat(done("queue", "list", "--to", "d@peer.test", "--json"))
          .contains("\"status\":\"4.4.1\",\"text\":\"no answer\\u001B[2J\\nat all\"");
    }
  }

  @Test
  void manyAreListedOneByOne() throws IOException {
    try (Foundation foundation = open();
        Outbound outbound = outbound(foundation);
        ControlSocket _ =
            Program.control(
                foundation,
                outbound.queue(),
                TestGuard.bare(10, 10).desk(),
                () -> Map.of("uptimeSeconds", 7))) {
      String[] recipients = new String[1_000];
      for (int i = 0; i < recipients.length; i++) {
        recipients[i] = "b" + i + "@peer.test";
      }
      fill(foundation, outbound, recipients);
      assertThat(done("queue", "list").lines()).hasSize(1_001);
      assertThat(done("queue", "hold", "--all", "--yes")).isEqualTo("1000 messages held\n");
      assertThat(done("queue", "delete", "--held")).isEqualTo("1000 messages deleted\n");
    }
  }
}
