package org.everpost.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.everpost.server.net.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** STARTTLS, passwords without it, COMPRESS, and the end of the server. */
class SecurityTest {
  private final ImapHouse house = new ImapHouse();

  @AfterEach
  void close() {
    house.close();
    assertThat(house.errors()).isEmpty();
  }

  @Test
  void startTls() {
    try (ImapClient client = house.connect()) {
      assertThat(client.reply("STARTTLS")).isEqualTo("OK Begin TLS negotiation now");
      client.connection().tls();
      assertThat(client.ok("CAPABILITY").getFirst())
          .contains("AUTH=SCRAM-SHA-256-PLUS")
          .doesNotContain("STARTTLS");
      assertThat(client.reply("STARTTLS")).startsWith("BAD");
      client.ok("LOGIN alice@example.test secret");
      assertThat(client.ok("SELECT INBOX")).contains("* 0 EXISTS");
    }
  }

  @Test
  void noPasswordsFromElsewhereWithoutTls() {
    try (ImapClient client =
        new ImapClient(TestClient.connect(house.listener().address(), "127.0.0.2"))) {
      assertThat(client.greeting())
          .contains("LOGINDISABLED", "AUTH=SCRAM-SHA-256")
          .doesNotContain("AUTH=PLAIN");
      assertThat(client.reply("LOGIN alice@example.test secret"))
          .startsWith("NO [PRIVACYREQUIRED]");
      assertThat(client.reply("AUTHENTICATE PLAIN AGEAYQ==")).startsWith("NO [PRIVACYREQUIRED]");
      assertThat(client.reply("STARTTLS")).startsWith("OK");
      client.connection().tls();
      client.ok("LOGIN alice@example.test secret");
    }
  }

  @Test
  void compress() {
    house.deliver("alice", ImapHouse.message("squeezed"));
    try (ImapClient client = house.login("alice")) {
      assertThat(client.reply("COMPRESS DEFLATE")).isEqualTo("OK DEFLATE active");
      TestClient connection = client.connection();
      connection.streams(
          new InflaterInputStream(connection.in(), new Inflater(true)),
          new DeflaterOutputStream(
              connection.out(), new Deflater(Deflater.DEFAULT_COMPRESSION, true), 512, true));
      assertThat(client.ok("SELECT INBOX")).contains("* 1 EXISTS");
      assertThat(client.ok("FETCH 1 BODY.PEEK[TEXT]").getFirst()).contains("Hello squeezed");
      assertThat(client.reply("COMPRESS DEFLATE")).startsWith("NO [COMPRESSIONACTIVE]");
      assertThat(client.ok("CAPABILITY").getFirst()).doesNotContain("COMPRESS");
      String tag = client.send("IDLE");
      assertThat(client.read()).isEqualTo("+ idling");
      house.deliver("alice", ImapHouse.message("more"));
      assertThat(client.read()).isEqualTo("* 2 EXISTS");
      connection.line("DONE");
      assertThat(client.until(tag)).containsExactly("OK IDLE completed");
    }
  }

  @Test
  void serverStops() {
    try (ImapClient stranger = house.connect();
        ImapClient selected = house.login("alice");
        ImapClient idle = house.login("alice")) {
      selected.ok("SELECT INBOX");
      idle.send("IDLE");
      assertThat(idle.read()).isEqualTo("+ idling");
      house.listener().listeners().drain(java.time.Duration.ofSeconds(8));
      String bye = "* BYE [UNAVAILABLE] Server shutting down";
      assertThat(stranger.rest()).containsExactly(bye);
      assertThat(selected.rest()).containsExactly(bye);
      assertThat(idle.rest()).containsExactly(bye);
    }
  }
}
