package org.everpost.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Parts of messages (RFC 9051 §6.4.5), decoded ones (RFC 3516), and large ones. */
class MimeFetchTest {
  private static final String NESTED =
      String.join(
          "\r\n",
          "Subject: outer",
          "Content-Type: multipart/mixed; boundary=a",
          "",
          "preamble",
          "--a",
          "Content-Type: text/plain; charset=utf-8",
          "Content-Transfer-Encoding: base64",
          "",
          "SGVsbG8gV29ybGQ=",
          "--a",
          "Content-Type: message/rfc822",
          "",
          "Subject: inner",
          "Content-Type: multipart/alternative; boundary=b",
          "",
          "--b",
          "",
          "plain",
          "--b",
          "Content-Type: text/html",
          "Content-Transfer-Encoding: x-strange",
          "",
          "<b>",
          "--b--",
          "--a--",
          "");

  private final ImapHouse house = new ImapHouse();

  @AfterEach
  void close() {
    house.close();
    assertThat(house.errors()).isEmpty();
  }

  private String fetch(ImapClient client, String item) {
    String response = client.ok("FETCH 1 (" + item + ")").getFirst();
    assertThat(response).startsWith("* 1 FETCH (").endsWith(")");
    return response.substring("* 1 FETCH (".length(), response.length() - 1);
  }

  @Test
  void parts() {
    house.deliver("alice", NESTED);
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      assertThat(fetch(client, "BODY.PEEK[1]")).isEqualTo("BODY[1] {16}SGVsbG8gV29ybGQ=");
      assertThat(fetch(client, "BODY.PEEK[2.HEADER]"))
          .isEqualTo(
              String.join(
                  "\r\n",
                  "BODY[2.HEADER] {67}Subject: inner",
                  "Content-Type: multipart/alternative; boundary=b",
                  "",
                  ""));
      assertThat(fetch(client, "BODY.PEEK[2.HEADER.FIELDS (SUBJECT)]"))
          .isEqualTo("BODY[2.HEADER.FIELDS (SUBJECT)] {18}Subject: inner\r\n\r\n");
      assertThat(fetch(client, "BODY.PEEK[2.1]")).isEqualTo("BODY[2.1] {5}plain");
      assertThat(fetch(client, "BODY.PEEK[2.2.MIME]")).contains("Content-Type: text/html");
      assertThat(fetch(client, "BODY.PEEK[3] BODY.PEEK[1.1] BODY.PEEK[1.HEADER]"))
          .isEqualTo("BODY[3] NIL BODY[1.1] NIL BODY[1.HEADER] NIL");
      assertThat(fetch(client, "BODY.PEEK[]"))
          .isEqualTo("BODY[] {" + NESTED.length() + "}" + NESTED);
      assertThat(fetch(client, "BODYSTRUCTURE"))
          .startsWith(
              "BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"base64\" 16 ");
    }
  }

  @Test
  void decoded() {
    house.deliver("alice", NESTED);
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      assertThat(fetch(client, "BINARY.PEEK[1] BINARY.SIZE[1]"))
          .isEqualTo("BINARY[1] {11}Hello World BINARY.SIZE[1] 11");
      assertThat(fetch(client, "BINARY.PEEK[1]<6.3>")).isEqualTo("BINARY[1]<6> {3}Wor");
      assertThat(client.ask("FETCH 1 BINARY.PEEK[2.2]"))
          .satisfiesExactly(reply -> assertThat(reply).startsWith("NO [UNKNOWN-CTE]"));
      assertThat(fetch(client, "BINARY.PEEK[9]")).isEqualTo("BINARY[9] NIL");
      assertThat(fetch(client, "BINARY[2.1]")).isEqualTo("BINARY[2.1] {5}plain FLAGS (\\Seen)");
    }
  }

  private String part(String type, String encoding, String body) {
    return String.join(
        "\r\n", "Content-Type: " + type, "Content-Transfer-Encoding: " + encoding, "", body);
  }

  @Test
  void linesOfDecodedTextEndInCrlf() {
    house.deliver("alice", part("text/plain", "base64", "YQpiDQpjCg=="));
    house.deliver("alice", part("text/plain", "quoted-printable", "a=0Ab\r\n"));
    house.deliver("alice", part("text/plain", "binary", "a\nb"));
    house.deliver("alice", part("text/plain", "8bit", "\n".repeat(50_000)));
    house.deliver("alice", part("application/x", "base64", "YQpiDQpjCg=="));
    house.deliver("alice", part("text/plain; charset=utf-16le", "base64", "YQAKAA=="));
    house.deliver("alice", part("application/x", "binary", "a\nb"));
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      assertThat(client.ok("FETCH 1:* (BINARY.SIZE[1] BINARY.PEEK[1] BINARY.PEEK[1]<1.2>)"))
          .containsExactly(
              "* 1 FETCH (BINARY.SIZE[1] 9 BINARY[1] {9}a\r\nb\r\nc\r\n BINARY[1]<1> {2}\r\n)",
              "* 2 FETCH (BINARY.SIZE[1] 6 BINARY[1] {6}a\r\nb\r\n BINARY[1]<1> {2}\r\n)",
              "* 3 FETCH (BINARY.SIZE[1] 4 BINARY[1] {4}a\r\nb BINARY[1]<1> {2}\r\n)",
              "* 4 FETCH (BINARY.SIZE[1] 100000 BINARY[1] {100000}"
                  + "\r\n".repeat(50_000)
                  + " BINARY[1]<1> {2}\n\r)",
              "* 5 FETCH (BINARY.SIZE[1] 7 BINARY[1] {7}a\nb\r\nc\n BINARY[1]<1> {2}\nb)",
              "* 6 FETCH (BINARY.SIZE[1] 4 BINARY[1] ~{4}a\0\n\0 BINARY[1]<1> ~{2}\0\n)",
              "* 7 FETCH (BINARY.SIZE[1] 3 BINARY[1] ~{3}a\nb BINARY[1]<1> ~{2}\nb)");
    }
  }

  @Test
  void headersOfPartsAreSearched() {
    house.deliver(
        "alice",
        String.join(
            "\r\n",
            "Subject: outer",
            "Content-Type: multipart/mixed; boundary=a",
            "",
            "--a",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
            "",
            "hello",
            "--a",
            "Content-Type: message/rfc822",
            "Content-Description: =?utf-8?q?Gr=C3=BC=C3=9Fe?=",
            "",
            "Subject: inner",
            "Content-Type: multipart/mixed; boundary=b",
            "",
            "--b",
            "Content-Type: application/octet-stream;",
            " name=a.bin",
            "",
            "x",
            "--b--",
            "--a--",
            ""));
    house.deliver("alice", ImapHouse.message("other"));
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      for (String text :
          List.of(
              "quoted-printable",
              "\"CHARSET=utf-8\"",
              "message/rfc822",
              "\"octet-stream; name=a.bin\"",
              "{7+}\r\nGR\u00c3\u009c\u00c3\u009fE")) {
        String charset = text.startsWith("{") ? "CHARSET UTF-8 " : "";
        assertThat(client.ok("SEARCH " + charset + "TEXT " + text)).containsExactly("* SEARCH 1");
        assertThat(client.ok("SEARCH " + charset + "BODY " + text)).containsExactly("* SEARCH");
        assertThat(client.ok("SEARCH " + charset + "NOT TEXT " + text))
            .containsExactly("* SEARCH 2");
      }
      assertThat(client.ok("SEARCH HEADER Content-Description \"\"")).containsExactly("* SEARCH");
      assertThat(client.ok("SEARCH TEXT nowhere")).containsExactly("* SEARCH");
    }
  }

  @Test
  void largeMessageArrivesWhole() {
    StringBuilder large = new StringBuilder("Subject: large\r\n\r\n");
    for (int i = 0; large.length() < 3_000_000; i++) {
      large.append("line ").append(i).append("\r\n");
    }
    house.deliver("alice", large.toString());
    house.deliver("alice", ImapHouse.message("small"));
    try (ImapClient client = house.login("alice")) {
      client.ok("SELECT INBOX");
      assertThat(client.ok("FETCH 1:2 BODY.PEEK[]"))
          .satisfiesExactly(
              first ->
                  assertThat(first)
                      .isEqualTo("* 1 FETCH (BODY[] {" + large.length() + "}" + large + ")"),
              second -> assertThat(second).contains("Hello small"));
      String piece = fetch(client, "BODY.PEEK[]<2000000.50000>");
      assertThat(piece)
          .isEqualTo("BODY[]<2000000> {50000}" + large.substring(2_000_000, 2_050_000));
    }
  }
}
