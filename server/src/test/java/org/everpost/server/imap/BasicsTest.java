package org.everpost.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Login, select, fetch, store, expunge, logout: a whole visit. */
class BasicsTest {
  private final ImapHouse house = new ImapHouse();

  @AfterEach
  void close() {
    house.close();
    assertThat(house.errors()).isEmpty();
  }

  @Test
  void wholeVisit() {
    house.deliver("alice", ImapHouse.message("one"));
    house.deliver("alice", ImapHouse.message("two"), "\\Seen");
    try (ImapClient client = house.connect()) {
      assertThat(client.greeting()).startsWith("* OK [CAPABILITY IMAP4rev2 IMAP4rev1");
      assertThat(client.reply("LOGIN alice@example.test secret")).startsWith("OK [CAPABILITY");
      List<String> select = client.ok("SELECT INBOX");
      assertThat(select)
          .contains("* 2 EXISTS", "* 0 RECENT", "* OK [UNSEEN 1] First unseen message");
      List<String> fetched = client.ok("FETCH 1:* (UID FLAGS RFC822.SIZE ENVELOPE BODYSTRUCTURE)");
      assertThat(fetched).hasSize(2);
      assertThat(fetched.get(1)).startsWith("* 2 FETCH (UID 2 FLAGS (\\Seen) RFC822.SIZE ");
      assertThat(client.ok("FETCH 1 BODY[]"))
          .containsExactly(
              "* 1 FETCH (BODY[] {"
                  + ImapHouse.message("one").length()
                  + "}"
                  + ImapHouse.message("one")
                  + " FLAGS (\\Seen))");
      assertThat(client.ok("STORE 1 +FLAGS (\\Deleted $Junk)"))
          .endsWith("* 1 FETCH (FLAGS (\\Seen \\Deleted $Junk))");
      assertThat(client.ok("EXPUNGE")).containsExactly("* 1 EXPUNGE");
      assertThat(client.ok("SEARCH SUBJECT two")).containsExactly("* SEARCH 1");
      assertThat(client.append("INBOX", ImapHouse.message("three")))
          .satisfiesExactly(
              exists -> assertThat(exists).isEqualTo("* 2 EXISTS"),
              reply -> assertThat(reply).matches("OK \\[APPENDUID \\d+ 3] APPEND completed"));
      assertThat(client.ask("LOGOUT")).containsExactly("* BYE Logging out", "OK LOGOUT completed");
      assertThat(client.read()).isNull();
    }
  }
}
