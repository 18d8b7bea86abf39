package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** fetchmail takes mail away by POP3 and IMAP. */
@Tag("slow")
class FetchmailTest {

  @RegisterExtension static final Everpost EVERPOST = new Everpost();

  private static final int FETCHED = 0;
  private static final int NO_MAIL = 1;

  /** One who fetches mail: where it goes, and fetchmail with it. */
  private record Fetcher(String user, Path home) {

    static Fetcher withMail(String... subjects) throws IOException {
      String user = EVERPOST.newUser();
      Path home = Files.createDirectory(EVERPOST.directory().resolve("fetchmail-" + user));
      Fetcher fetcher = new Fetcher(user, home);
      fetcher.receive(subjects);
      return fetcher;
    }

    void receive(String... subjects) throws IOException {
      try (SmtpClient smtp = new SmtpClient(EVERPOST.port(Installation.SMTP))) {
        for (String subject : subjects) {
          String message = "Subject: " + subject + "\r\n\r\nLine.\r\n.dot\r\n";
          smtp.deliver("a@elsewhere.example", user, message.getBytes(StandardCharsets.US_ASCII));
        }
      }
    }

    Tool.Result fetch(String service, String options) throws IOException {
      boolean tls = service.endsWith("s");
      String protocol = tls ? service.substring(0, service.length() - 1) : service;
      Path settings = home.resolve("fetchmailrc");
      Files.writeString(
          settings,
          """
          poll 127.0.0.1 protocol %s port %d auth password %s
            user '%s' password '%s'
            %s no sslcertck %s
            mda "cat >>%s"
          """
              .formatted(
                  protocol,
                  EVERPOST.port(service),
                  protocol.equals("pop3") ? "uidl" : "",
                  user,
                  Everpost.PASSWORD.replace("\\", "\\\\"),
                  tls ? "ssl" : "",
                  options,
                  home.resolve("mail")));
      Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-------"));
      return Tool.of("fetchmail", "--verbose", "--nosyslog", "-f", settings.toString())
          .environment("FETCHMAILHOME", home.toString())
          .environment("HOME", home.toString())
          .run();
    }

    long fetched(String subject) throws IOException {
      Path mail = home.resolve("mail");
      return Files.exists(mail)
          ? Files.readAllLines(mail).stream().filter(("Subject: " + subject)::equals).count()
          : 0;
    }

    String mail() throws IOException {
      return Files.readString(home.resolve("mail"));
    }
  }

  @Test
  void pop3TakesMailAway() throws IOException {
    Fetcher fetcher = Fetcher.withMail("one", "two");

    fetcher.fetch(Installation.POP3, "nokeep").exited(FETCHED).says("STLS");

    assertThat(fetcher.fetched("one")).isOne();
    assertThat(fetcher.fetched("two")).isOne();
    assertThat(fetcher.mail()).contains("Line.\n.dot\n");
    fetcher.fetch(Installation.POP3S, "nokeep").exited(NO_MAIL);
  }

  @Test
  void pop3KeepsMailAndKnowsByUidlWhatIsNew() throws IOException {
    Fetcher fetcher = Fetcher.withMail("one", "two");

    fetcher.fetch(Installation.POP3S, "keep").exited(FETCHED);
    fetcher.fetch(Installation.POP3S, "keep").exited(NO_MAIL);
    fetcher.receive("three");
    fetcher.fetch(Installation.POP3S, "keep").exited(FETCHED);

    assertThat(fetcher.fetched("one")).isOne();
    assertThat(fetcher.fetched("two")).isOne();
    assertThat(fetcher.fetched("three")).isOne();
    fetcher.fetch(Installation.POP3S, "nokeep fetchall").exited(FETCHED);
    assertThat(fetcher.fetched("one")).isEqualTo(2);
    fetcher.fetch(Installation.POP3S, "nokeep fetchall").exited(NO_MAIL);
  }

  @Test
  void imapTakesMailAway() throws IOException {
    Fetcher fetcher = Fetcher.withMail("one", "two");

    fetcher.fetch(Installation.IMAPS, "keep").exited(FETCHED);
    // What was fetched is \Seen now.
    fetcher.fetch(Installation.IMAP, "keep").exited(NO_MAIL).says("STARTTLS");
    fetcher.receive("three");
    fetcher.fetch(Installation.IMAP, "nokeep").exited(FETCHED);
    assertThat(fetcher.fetched("one")).isOne();
    assertThat(fetcher.fetched("three")).isOne();
    fetcher.fetch(Installation.IMAPS, "nokeep fetchall").exited(FETCHED);
    assertThat(fetcher.fetched("two")).isEqualTo(2);
    fetcher.fetch(Installation.IMAPS, "nokeep fetchall").exited(NO_MAIL);
  }
}
