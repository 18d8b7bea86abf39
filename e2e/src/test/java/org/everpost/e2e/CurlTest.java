package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** curl reads a mailbox by its four ways, and sends. */
@Tag("slow")
class CurlTest {

  @RegisterExtension static final Everpost EVERPOST = new Everpost();

  private static final String MESSAGE = "Subject: to curl\r\n\r\nOne line.\r\n";

  private static String userWithMail() throws IOException {
    String user = EVERPOST.newUser();
    try (SmtpClient smtp = new SmtpClient(EVERPOST.port(Installation.SMTP))) {
      smtp.deliver("sender@elsewhere.example", user, MESSAGE.getBytes(StandardCharsets.US_ASCII));
    }
    return user;
  }

  private static Tool curl(String user, String scheme, String path, String... more) {
    List<String> words = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--insecure"));
    words.addAll(List.of("--user", user + ":" + Everpost.PASSWORD));
    words.addAll(List.of(more));
    int port = EVERPOST.port(scheme.equals("smtps") ? Installation.SUBMISSIONS : scheme);
    words.add(scheme + "://127.0.0.1:" + port + path);
    return Tool.of(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"imap", "imaps"})
  void imapFetchesAMessage(String scheme) throws IOException {
    String user = userWithMail();

    assertThat(curl(user, scheme, "/INBOX;MAILINDEX=1").run().good().out()).endsWith(MESSAGE);
    assertThat(curl(user, scheme, "/INBOX;UID=1;SECTION=TEXT").run().good().out())
        .isEqualTo("One line.\r\n");
    assertThat(curl(user, scheme, "/INBOX?SUBJECT%20curl").run().good().out())
        .isEqualTo("* SEARCH 1\r\n");
    assertThat(curl(user, scheme, "/").run().good().out())
        .contains("\"/\" INBOX", "\\Trash) \"/\" Trash");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pop3", "pop3s"})
  void pop3RetrievesAMessage(String scheme) throws IOException {
    String user = userWithMail();

    assertThat(curl(user, scheme, "/1").run().good().out()).endsWith(MESSAGE);
    assertThat(curl(user, scheme, "/").run().good().out()).matches("1 \\d+\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"imap", "pop3"})
  void tlsIsAskedForInside(String scheme) throws IOException {
    String path = scheme.equals("imap") ? "/INBOX;MAILINDEX=1" : "/1";

    assertThat(curl(userWithMail(), scheme, path, "--ssl-reqd").run().good().out())
        .endsWith(MESSAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "LOGIN"})
  void everyMechanismLogsIn(String mechanism) throws IOException {
    String user = userWithMail();
    for (String scheme : List.of("imaps", "pop3s")) {
      String path = scheme.equals("imaps") ? "/INBOX;MAILINDEX=1" : "/1";
      assertThat(
              curl(user, scheme, path, "--login-options", "AUTH=" + mechanism).run().good().out())
          .endsWith(MESSAGE);
    }
  }

  @Test
  void aMessageIsAppendedAndAnotherIsSubmitted() throws IOException {
    String user = EVERPOST.newUser();
    Path file = EVERPOST.directory().resolve("draft.eml");
    Files.writeString(file, "From: <" + user + ">\r\n" + MESSAGE);

    curl(user, "imaps", "/Drafts", "--upload-file", file.toString()).run().good();
    curl(
            user,
            "smtps",
            "",
            "--mail-from",
            user,
            "--mail-rcpt",
            user,
            "--upload-file",
            file.toString())
        .run()
        .good();

    assertThat(curl(user, "imap", "/Drafts;MAILINDEX=1").run().good().out()).endsWith(MESSAGE);
    assertThat(curl(user, "imap", "/INBOX;MAILINDEX=1").run().good().out())
        .contains("with ESMTPSA")
        .endsWith("One line.\r\n");
  }

  @Test
  void aWrongPasswordOpensNothing() {
    String user = EVERPOST.newUser();
    for (String scheme : List.of("imap", "imaps", "pop3", "pop3s")) {
      Tool.of(
              "curl",
              "--silent",
              "--show-error",
              "--insecure",
              "--user",
              user + ":wrong",
              scheme + "://127.0.0.1:" + EVERPOST.port(scheme) + "/")
          .run()
          .exited(67);
    }
  }
}
