package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** mutt, as a person uses it: reads, answers, flags, deletes and files mail. */
@Tag("slow")
class MuttTest {

  @RegisterExtension static final Everpost EVERPOST = new Everpost();

  @Test
  void aPersonWorksThroughTheInbox() throws IOException {
    String me = EVERPOST.newUser();
    String friend = EVERPOST.newUser();
    try (SmtpClient smtp = new SmtpClient(EVERPOST.port(Installation.SMTP))) {
      for (String subject : List.of("First question", "Second advertisement", "Third to keep")) {
        smtp.deliver(friend, me, message(friend, me, subject));
      }
    }
    Path home = Files.createDirectory(EVERPOST.directory().resolve("mutt"));
    Files.writeString(home.resolve("muttrc"), settings(home, me));
    Files.writeString(home.resolve("editor"), "#!/bin/sh\necho 'My answer.' >>\"$1\"\n");
    assertThat(home.resolve("editor").toFile().setExecutable(true)).isTrue();

    try (Terminal mutt = new Terminal(home, "mutt", "-F", "muttrc")) {
      mutt.shows("First question").shows("Third to keep");
      mutt.press("Enter").shows("Text of First question");
      mutt.press("r").shows("y:Send").press("y").shows("Mail sent");
      mutt.press("i").shows("q:Quit");
      mutt.press("F").shows("Flag:1");
      mutt.press("d").shows("Del:1");
      mutt.press("s").shows("Save to mailbox").press("C-u").press("=Archive", "Enter");
      mutt.shows("Del:2");
      mutt.press("$").shows("1 kept").press("q").ends();
    }

    try (ImapClient imap = ImapClient.login(EVERPOST, me)) {
      imap.command("SELECT INBOX");
      assertThat(imap.search("ALL")).hasSize(1);
      assertThat(imap.search("SEEN ANSWERED FLAGGED SUBJECT first")).hasSize(1);
      imap.command("SELECT Archive");
      assertThat(imap.messageText(1)).contains("Text of Third to keep");
      imap.command("SELECT Sent");
      assertThat(imap.messageText(1)).contains("> Text of First question").contains("My answer.");
    }
    try (ImapClient imap = ImapClient.login(EVERPOST, friend)) {
      imap.command("SELECT INBOX");
      assertThat(imap.messageText(1))
          .contains("Subject: Re: First question")
          .contains("My answer.");
    }
  }

  private static byte[] message(String from, String to, String subject) {
    return "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s@x.example>\r\n\r\nText of %s.\r\n"
        .formatted(from, to, subject, subject.replace(' ', '.'), subject)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String settings(Path home, String user) throws IOException {
    Path certificate = home.resolve("certificate.pem");
    Files.writeString(certificate, Certificate.ofServer(EVERPOST.port(Installation.IMAPS)));
    return """
    set folder = "imaps://127.0.0.1:%d/"
    set spoolfile = "+INBOX"
    set record = "+Sent"
    set postponed = "+Drafts"
    set imap_user = '%s'
    set imap_pass = '%s'
    set smtp_url = "smtps://%s@127.0.0.1:%d/"
    set smtp_pass = '%s'
    # Left to itself, this mutt takes SCRAM-SHA-256-PLUS, which it cannot do.
    set smtp_authenticators = "scram-sha-256"
    set certificate_file = '%s'
    set ssl_verify_host = no
    set from = '%s'
    set use_from = yes
    set editor = '%s'
    set fast_reply = yes
    set include = yes
    set delete = yes
    set quit = yes
    set confirmappend = no
    set sleep_time = 0
    set wait_key = no
    set header_cache = ''
    set sort = mailbox-order
    set index_format = "%%Z %%C %%s"
    """
        .formatted(
            EVERPOST.port(Installation.IMAPS),
            user,
            Everpost.PASSWORD,
            user,
            EVERPOST.port(Installation.SUBMISSIONS),
            Everpost.PASSWORD,
            certificate,
            user,
            home.resolve("editor"));
  }
}
