package org.everpost.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.everpost.core.directory.Quota;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.core.event.StoreEvent;
import org.everpost.core.mailbox.Email;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.mailbox.NewMessage;
import org.everpost.core.time.RandomSource;
import org.everpost.store.BlobId;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the store fails, the rest is served and the client hears no more than that. */
class FailuresTest {
  private final ImapHouse house = new ImapHouse(ImapHouse.SETTINGS, FaultyStore::new);
  private final FaultyStore store = (FaultyStore) house.store();

  @AfterEach
  void close() {
    house.close();
  }

  private BlobId blob(int index) {
    MailAccount mail = house.mail("alice");
    MessageList list = mail.load(mail.view().inbox().id()).orElseThrow().loaded();
    Email email = mail.emails(List.of(list.email(index))).getFirst();
    return Objects.requireNonNull(email).blob();
  }

  @Test
  void damagedMessage() {
    for (String subject : List.of("one", "two", "three")) {
      house.deliver("alice", ImapHouse.message(subject));
    }
    store.damaged = blob(1);
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      List<String> fetched = client.ask("FETCH 1:3 (UID BODY.PEEK[TEXT])");
      assertThat(fetched)
          .containsExactly(
              "* 1 FETCH (UID 1 BODY[TEXT] {11}Hello one\r\n)",
              "* 3 FETCH (UID 3 BODY[TEXT] {13}Hello three\r\n)",
              "NO [CORRUPTION] Some messages cannot be read");
      assertThat(house.errors()).hasSize(1).allMatch(StoreEvent.BlobDamaged.class::isInstance);
      assertThat(client.ok("SEARCH BODY hello")).containsExactly("* SEARCH 1 3");
      assertThat(client.ok("FETCH 2 (UID ENVELOPE)").getFirst()).contains("\"two\"");
    }
  }

  @Test
  void missingMessage() {
    house.deliver("alice", ImapHouse.message("one"));
    house.deliver("alice", ImapHouse.message("two"));
    store.blobs().delete(blob(0));
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      List<String> fetched = client.ask("FETCH 1:2 BODY.PEEK[TEXT]");
      assertThat(fetched).hasSize(2);
      assertThat(fetched.getFirst()).startsWith("* 2 FETCH");
      assertThat(fetched.getLast()).startsWith("NO [CORRUPTION]");
    }
  }

  @Test
  void damageFoundInTheMiddle() throws IOException {
    house.deliver("alice", "Subject: large\r\n\r\n" + "x".repeat(900_000));
    house.deliver("alice", ImapHouse.message("two"));
    store.damaged = blob(0);
    store.damagedFrom = 500_000;
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      client.send("FETCH 1:2 BODY.PEEK[]");
      assertThat(client.connection().readLine()).startsWith("* 1 FETCH (BODY[] {900");
      assertThat(client.connection().in().readAllBytes()).hasSizeLessThan(600_000);
    }
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      List<String> fetched = client.ask("FETCH 1:2 BODY.PEEK[]");
      assertThat(fetched).hasSize(2);
      assertThat(fetched.getFirst()).startsWith("* 2 FETCH");
      assertThat(fetched.getLast()).startsWith("NO [CORRUPTION]");
    }
  }

  @Test
  void storeDoesNotAnswer() {
    house.deliver("alice", ImapHouse.message("one"));
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      store.full = true;
      assertThat(client.reply("STORE 1 +FLAGS (\\Seen)")).startsWith("NO [UNAVAILABLE]");
      assertThat(client.reply("CREATE new")).startsWith("NO [UNAVAILABLE]");
      assertThat(client.append("INBOX", ImapHouse.message("two")).getLast())
          .startsWith("NO [UNAVAILABLE]");
      assertThat(client.ok("FETCH 1 (FLAGS)")).containsExactly("* 1 FETCH (FLAGS ())");
      store.full = false;
      assertThat(client.ok("STORE 1 +FLAGS (\\Seen)")).isNotEmpty();
      assertThat(house.errors()).isEmpty();
    }
  }

  private void unavailable(ImapClient client, String... commands) {
    for (String command : commands) {
      assertThat(client.reply(command)).as(command).startsWith("NO [UNAVAILABLE]");
    }
  }

  private void appendIsUnavailable(ImapClient client) {
    assertThat(client.append("INBOX", ImapHouse.message("two")).getLast())
        .startsWith("NO [UNAVAILABLE]");
    assertThat(client.append("INBOX", ImapHouse.message("x".repeat(70_000))).getLast())
        .startsWith("NO [UNAVAILABLE]");
  }

  /** The server has not looked at the account before: nothing of it is in memory. */
  @Test
  void everyCommandSaysSoIfTheStoreIsAway() {
    Mailboxes elsewhere = new Mailboxes(store, house.clock, RandomSource.seeded(9));
    MailAccount mail = elsewhere.open(house.account("alice").id());
    mail.append(
        mail.view().inbox().id(),
        List.of(
            new NewMessage(
                house.receive(ImapHouse.message("one")),
                FlagList.parse(List.of("\\Deleted")),
                house.clock.instant())),
        Quota.UNLIMITED);
    try (ImapClient client = house.login("alice")) {
      store.away = true;
      appendIsUnavailable(client);
      unavailable(
          client,
          "APPEND INBOX {100}",
          "SELECT INBOX",
          "EXAMINE INBOX",
          "CREATE new",
          "DELETE Archive",
          "RENAME Archive new",
          "SUBSCRIBE new",
          "UNSUBSCRIBE Sent",
          "LIST \"\" *",
          "LSUB \"\" *",
          "STATUS INBOX (MESSAGES)",
          "GETQUOTA \"\"",
          "GETQUOTAROOT INBOX");
      client.ok("NOOP");
      client.ok("NAMESPACE");
      store.away = false;
      client.ok("SELECT INBOX");
      store.away = true;
      appendIsUnavailable(client);
      unavailable(
          client,
          "FETCH 1 (ENVELOPE)",
          "UID FETCH 1 (BODY.PEEK[])",
          "STORE 1 +FLAGS (\\Seen)",
          "UID STORE 1 +FLAGS.SILENT (\\Seen)",
          "COPY 1 Archive",
          "MOVE 1 Archive",
          "SEARCH BODY hello",
          "EXPUNGE",
          "UID EXPUNGE 1",
          "CLOSE");
      store.away = false;
      assertThat(client.ok("STATUS Archive (MESSAGES)"))
          .containsExactly("* STATUS Archive (MESSAGES 0)");
      assertThat(client.ok("FETCH 1 (FLAGS)")).containsExactly("* 1 FETCH (FLAGS (\\Deleted))");
      assertThat(client.ok("EXPUNGE")).contains("* 1 EXPUNGE");
    }
    assertThat(house.errors()).isEmpty();
  }

  /** What a command has told before it failed does not trouble the next. */
  @Test
  void storeFillsUpInTheMiddle() {
    house.deliver("alice", "Subject: large\r\n\r\n" + "x".repeat(200_000));
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      for (int i = 0; i < 9; i++) {
        client.ok("COPY 1:* INBOX");
      }
      // Far more than fits between the two: the server still waits to write of the first 256.
      String tag = client.send("FETCH 1:* BODY[]");
      assertThat(client.read()).startsWith("* 1 FETCH");
      store.full = true;
      assertThat(client.until(tag)).hasSize(256).last().asString().startsWith("NO [UNAVAILABLE]");
      store.full = false;
      assertThat(client.ok("STORE 1 +FLAGS (\\Flagged)"))
          .hasSize(256)
          .startsWith("* 1 FETCH (FLAGS (\\Seen \\Flagged))");
    }
    assertThat(house.errors()).isEmpty();
  }

  @Test
  void bugsAreToldAsSuch() {
    house.deliver("alice", ImapHouse.message("one"));
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      store.broken = true;
      assertThat(client.reply("FETCH 1 (ENVELOPE)"))
          .startsWith("NO [SERVERBUG] Internal error (")
          .doesNotContain("test wants");
      store.broken = false;
      assertThat(client.ok("FETCH 1 (UID)")).containsExactly("* 1 FETCH (UID 1)");
      assertThat(house.errors())
          .hasSize(1)
          .allMatch(ConnectionEvent.SessionFailed.class::isInstance);
    }
    assertThat(house.store()).isNotInstanceOf(MemoryStore.class);
  }
}
