package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.testkit.smtp.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys from their making to their end: an operator types commands and fills the zone, a user sends
 * mail, and dkimpy and OpenDKIM say what they think of its signatures.
 */
@Tag("slow")
class DkimTest {

  private static final String USER = "user@" + Everpost.DOMAIN;

  /** Where Debian's packages for Python are, whatever else is called python3. */
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir Path files;

  private final DnsStandIn dns = DnsStandIn.start();
  private final ScriptedPeer peer = new ScriptedPeer("8BITMIME", "PIPELINING");
  private final ScriptedPeer poor = new ScriptedPeer("SIZE");
  private final Installation installation =
      Installation.create(
          "DkimTest",
          "[dns]",
          "servers = [\"127.0.0.1:" + dns.address().getPort() + "\"]",
          "[relay]",
          "routes = { \"peer.test\" = \"127.0.0.1:%d\", \"poor.test\" = \"127.0.0.1:%d\" }"
              .formatted(peer.port(), poor.port()));

  @BeforeEach
  void user() {
    installation.addDomain(Everpost.DOMAIN);
    installation.importAccounts(List.of(USER), Everpost.PASSWORD);
  }

  @AfterEach
  void close() {
    peer.close();
    poor.close();
    dns.close();
    installation.delete();
  }

  /** Fills the zone as {@code domain dns} says, and adds what only the operator knows. */
  private void publish() {
    String zone = installation.done("domain", "dns", Everpost.DOMAIN);
    dns.zone(Everpost.DOMAIN, zone)
        .a("mx1.example.test", "192.0.2.1")
        .ptr("192.0.2.1", "mx1.example.test");
  }

  private List<Map<String, Object>> keyRecords() {
    Map<String, Object> all =
        Json.of(installation.done("domain", "dns", Everpost.DOMAIN, "--json"));
    List<Map<String, Object>> keys = new ArrayList<>();
    for (Object record : (List<?>) Objects.requireNonNull(all.get("records"))) {
      Map<String, Object> its = Json.asObject(record);
      if ("DKIM".equals(its.get("topic"))) {
        keys.add(its);
      }
    }
    return keys;
  }

  private List<String> selectors(String state) {
    List<String> selectors = new ArrayList<>();
    for (Object key : Json.list(installation.done("domain", "dkim", Everpost.DOMAIN, "--json"))) {
      Map<String, Object> its = Json.asObject(key);
      if (state.equals(its.get("state"))) {
        selectors.add(String.valueOf(its.get("selector")));
      }
    }
    return selectors;
  }

  /** Eight bits, lines that begin with dots, blanks where they do not count, and empty lines. */
  private static byte[] message(String subject) {
    return """
    From: User <user@example.test>
    To: a@peer.test
    Subject: %s
     =?UTF-8?Q?folded?=
    Date: Thu, 26 Nov 2026 06:40:33 +0000
    MIME-Version: 1.0
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: 8bit

    Viele Gr\u00fc\u00dfe   an alle\s\s
    .
    ..dots
    %s

    the end\t


    """
        .formatted(subject, "a long line ".repeat(70))
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private void submit(String subject, String to) throws IOException {
    try (LineSocket smtp = LineSocket.tls(installation.port(Installation.SUBMISSIONS))) {
      expect(smtp, "220");
      say(smtp, "EHLO client.test", "250");
      byte[] plain = ("\0" + USER + "\0" + Everpost.PASSWORD).getBytes(StandardCharsets.UTF_8);
      say(smtp, "AUTH PLAIN " + Base64.getEncoder().encodeToString(plain), "235");
      say(smtp, "MAIL FROM:<" + USER + "> BODY=8BITMIME", "250");
      say(smtp, "RCPT TO:<" + to + ">", "250");
      say(smtp, "DATA", "354");
      smtp.write(
          new String(message(subject), StandardCharsets.ISO_8859_1)
              .replace("\r\n.", "\r\n..")
              .getBytes(StandardCharsets.ISO_8859_1));
      say(smtp, ".", "250");
    }
  }

  private static void say(LineSocket smtp, String command, String reply) throws IOException {
    smtp.send(command);
    expect(smtp, reply);
  }

  private static void expect(LineSocket smtp, String reply) throws IOException {
    String line = smtp.line();
    while (line.length() > 3 && line.charAt(3) == '-') {
      line = smtp.line();
    }
    assertThat(line).startsWith(reply);
  }

  /** The message with this subject, once the peer has it; in a file. */
  private Path received(ScriptedPeer from, String subject) throws IOException {
    Patience.await(
        () -> subject + " arrives",
        () -> from.messages().stream().anyMatch(m -> m.contains("Subject: " + subject)));
    String message =
        from.messages().stream()
            .filter(m -> m.contains("Subject: " + subject))
            .findFirst()
            .orElseThrow();
    return file(subject, message);
  }

  private Path file(String name, String text) throws IOException {
    return Files.write(files.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Path published() throws IOException {
    StringBuilder lines = new StringBuilder();
    keyRecords()
        .forEach(
            key -> lines.append(key.get("name")).append(' ').append(key.get("data")).append('\n'));
    return file("published", lines.toString());
  }

  /** What dkimpy says: {@code selector algorithm verdict} for each signature. */
  private List<String> dkimpy(Path message) throws IOException {
    Path script = files.resolve("verify_dkim.py");
    try (InputStream in =
        Objects.requireNonNull(DkimTest.class.getResourceAsStream("verify_dkim.py"))) {
      Files.write(script, in.readAllBytes());
    }
    return Tool.of(PYTHON, script.toString(), published().toString(), message.toString())
        .run()
        .good()
        .out()
        .lines()
        .toList();
  }

  /** What OpenDKIM says, as an Authentication-Results field. */
  private String openDkim(Path message) throws IOException {
    Path configuration =
        file("opendkim.conf", "Mode v\nSyslog no\nTestPublicKeys " + published() + "\n");
    return Tool.of("opendkim", "-x", configuration.toString(), "-vv", "-t", message.toString())
        .run()
        .good()
        .out();
  }

  private void verifies(Path message, List<String> selectors) {
    try {
      assertThat(dkimpy(message))
          .containsExactlyInAnyOrder(
              selectors.get(0) + " rsa-sha256 pass", selectors.get(1) + " ed25519-sha256 pass");
      assertThat(openDkim(message))
          .contains("header.a=rsa-sha256 header.s=" + selectors.get(0))
          .contains("header.a=ed25519-sha256 header.s=" + selectors.get(1))
          .containsPattern("(?s)dkim=pass.*dkim=pass")
          .doesNotContain("dkim=fail");
      String text = Files.readString(message, StandardCharsets.ISO_8859_1);
      Path forged = file("forged", text.replace("the end", "the End"));
      assertThat(dkimpy(forged)).hasSize(2).allMatch(line -> line.endsWith(" fail"));
      assertThat(openDkim(forged)).contains("dkim=fail").doesNotContain("dkim=pass");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void fromTheFirstKeyToItsSuccessor() throws IOException {
    assertThat(selectors("pending")).hasSize(2);
    installation.command("domain", "dns", Everpost.DOMAIN, "--check").run().exited(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(installation.data())))
        .isEqualTo("rwx------");
    try (EverpostProcess server = installation.serve()) {
      submit("unsigned", "a@peer.test");
      assertThat(Files.readString(received(peer, "unsigned"), StandardCharsets.ISO_8859_1))
          .doesNotContain("DKIM-Signature");

      publish();
      installation.done("domain", "dns", Everpost.DOMAIN, "--check");
      installation.done("domain", "dkim", Everpost.DOMAIN, "--activate");
      List<String> first = selectors("active");
      assertThat(first).hasSize(2);
      submit("eightbit", "a@peer.test");
      submit("sevenbit", "a@poor.test");
      Path eightBit = received(peer, "eightbit");
      verifies(eightBit, first);
      Path sevenBit = received(poor, "sevenbit");
      assertThat(Files.readString(sevenBit, StandardCharsets.ISO_8859_1))
          .contains("Content-Transfer-Encoding: quoted-printable");
      verifies(sevenBit, first);

      installation.done("domain", "dkim", Everpost.DOMAIN, "--rotate");
      List<String> second = selectors("pending");
      assertThat(second).hasSize(2);
      submit("between", "a@peer.test");
      verifies(received(peer, "between"), first);
      for (Map<String, Object> key : keyRecords()) {
        String name = String.valueOf(key.get("name"));
        dns.remove(name).txt(name, String.valueOf(key.get("data")));
      }
      installation.done("domain", "dkim", Everpost.DOMAIN, "--activate");
      assertThat(selectors("active")).isEqualTo(second);
      assertThat(selectors("retired")).isEqualTo(first);
      submit("after", "a@peer.test");
      verifies(received(peer, "after"), second);
      verifies(eightBit, first); // what is on its way is still good
      assertThat(server.logLines().stream().filter(l -> l.contains("dkim activate"))).hasSize(4);
    }
    installation.done("domain", "dns", Everpost.DOMAIN, "--check");
  }
}
