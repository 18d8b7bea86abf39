package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** mbsync keeps Maildirs and mailboxes alike, in both directions. */
@Tag("slow")
class MbsyncTest {

  @RegisterExtension static final Everpost EVERPOST = new Everpost();

  /** "Entwürfe", as IMAP4rev1 spells it (RFC 3501 §5.1.3). */
  private static final String OTHER_SCRIPT = "Entw&APw-rfe";

  private final Path home;
  private final Path mail;
  private final String user = EVERPOST.newUser();

  MbsyncTest() throws IOException {
    home = Files.createDirectory(EVERPOST.directory().resolve("mbsync-" + user));
    mail = Files.createDirectory(home.resolve("mail"));
    Path certificate = home.resolve("certificate.pem");
    Files.writeString(certificate, Certificate.ofServer(EVERPOST.port(Installation.IMAPS)));
    Files.writeString(home.resolve("password"), Everpost.PASSWORD);
    Files.writeString(
        home.resolve("mbsyncrc"),
        """
        IMAPAccount everpost
        Host 127.0.0.1
        Port %d
        User %s
        PassCmd "cat %s"
        SSLType IMAPS
        CertificateFile %s

        IMAPStore far
        Account everpost

        MaildirStore near
        Path %s/
        Inbox %s/INBOX
        SubFolders Verbatim

        Channel all
        Far :far:
        Near :near:
        Patterns *
        Create Both
        Remove Both
        Expunge Both
        SyncState *
        """
            .formatted(
                EVERPOST.port(Installation.IMAPS),
                user,
                home.resolve("password"),
                certificate,
                mail,
                mail));
  }

  private void sync() {
    Tool.of("mbsync", "-c", home.resolve("mbsyncrc").toString(), "-V", "-a")
        .environment("HOME", home.toString())
        .run()
        .good();
  }

  private void syncFindsNothingToDo() throws IOException {
    List<String> far = far();
    List<String> near = near();
    sync();
    assertThat(far()).isEqualTo(far);
    assertThat(near()).isEqualTo(near);
  }

  /** All there is to know of the server's side: HIGHESTMODSEQ counts every change. */
  private List<String> far() throws IOException {
    try (ImapClient imap = ImapClient.login(EVERPOST, user)) {
      return imap.command("LIST \"\" * RETURN (STATUS (MESSAGES UIDNEXT HIGHESTMODSEQ))").stream()
          .map(response -> new String(response, StandardCharsets.UTF_8))
          .toList();
    }
  }

  /** The names of all messages, with their flags. */
  private List<String> near() throws IOException {
    try (Stream<Path> files = Files.walk(mail)) {
      return files.map(Path::toString).filter(name -> name.contains(",U=")).sorted().toList();
    }
  }

  private static String message(String subject) {
    return "From: <a@elsewhere.example>\r\nSubject: " + subject + "\r\n\r\nText.\r\n";
  }

  private static void append(ImapClient imap, String mailbox, String flags, String subject)
      throws IOException {
    String text = message(subject);
    imap.command(
        "APPEND %s (%s) {%d+}\r\n%s"
            .formatted(
                ImapClient.quoted(mailbox),
                flags,
                text.getBytes(StandardCharsets.UTF_8).length,
                text));
  }

  /** The file in a Maildir with this subject. */
  private Path file(String mailbox, String subject) throws IOException {
    List<Path> found = files(mailbox).stream().filter(file -> has(file, subject)).toList();
    assertThat(found).as(mailbox + ": " + subject).hasSize(1);
    return found.getFirst();
  }

  private static boolean has(Path file, String subject) {
    try {
      return Files.readString(file).contains("Subject: " + subject + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> files(String mailbox) throws IOException {
    try (Stream<Path> recent = Files.list(mail.resolve(mailbox).resolve("new"));
        Stream<Path> current = Files.list(mail.resolve(mailbox).resolve("cur"))) {
      return Stream.concat(recent, current).sorted().toList();
    }
  }

  /** Maildir keeps flags in the name. */
  private void flag(String mailbox, String subject, String flags) throws IOException {
    Path file = file(mailbox, subject);
    String name = file.getFileName().toString();
    int info = name.indexOf(":2,");
    String base = info < 0 ? name : name.substring(0, info);
    Files.move(file, mail.resolve(mailbox).resolve("cur").resolve(base + ":2," + flags));
  }

  private static List<Integer> search(ImapClient imap, String mailbox, String criteria)
      throws IOException {
    imap.command("SELECT " + ImapClient.quoted(mailbox));
    return imap.search(criteria);
  }

  @Test
  void bothSidesBecomeAlikeAndStayAlike() throws IOException {
    try (ImapClient imap = ImapClient.login(EVERPOST, user)) {
      for (String mailbox : List.of("Work", "Work/Sub", OTHER_SCRIPT)) {
        imap.command("CREATE " + ImapClient.quoted(mailbox));
        append(imap, mailbox, "", "plain");
        append(imap, mailbox, "\\Seen \\Flagged", "marked");
      }
      for (int i = 0; i < 20; i++) {
        append(imap, "INBOX", i % 2 == 0 ? "\\Seen" : "", "number " + i);
      }
    }

    sync();
    assertThat(files("INBOX")).hasSize(20);
    assertThat(file("Work", "marked").toString()).endsWith(":2,FS");
    assertThat(file("Work/Sub", "plain").toString()).endsWith(":2,");
    assertThat(file(OTHER_SCRIPT, "marked").toString()).endsWith(":2,FS");
    // Between the two mbsync puts a mark of its own.
    assertThat(Files.readString(file("Work", "plain")))
        .startsWith("From: <a@elsewhere.example>\nSubject: plain\n")
        .endsWith("\n\nText.\n");
    syncFindsNothingToDo();

    changeNear();
    changeFar();
    sync();
    checkFar();
    checkNear();
    syncFindsNothingToDo();
    syncFindsNothingToDo();
  }

  private void changeNear() throws IOException {
    flag("INBOX", "number 1", "FRS");
    flag("INBOX", "number 2", "ST");
    Files.delete(file("INBOX", "number 3"));
    for (String directory : List.of("New/cur", "New/new", "New/tmp")) {
      Files.createDirectories(mail.resolve(directory));
    }
    Files.writeString(
        mail.resolve("New/cur/1.1.here:2,S"), message("from here").replace("\r\n", "\n"));
    Files.writeString(
        mail.resolve("Work/new/2.2.here"), message("also from here").replace("\r\n", "\n"));
  }

  private void changeFar() throws IOException {
    try (ImapClient imap = ImapClient.login(EVERPOST, user)) {
      imap.command("SELECT INBOX");
      imap.command("UID STORE 5 +FLAGS (\\Answered)");
      imap.command("UID STORE 6:7 +FLAGS (\\Deleted)");
      imap.command("UID EXPUNGE 6");
      append(imap, "INBOX", "\\Draft", "from there");
      imap.command("CREATE Further");
      append(imap, "Further", "", "in Further");
    }
  }

  private void checkFar() throws IOException {
    try (ImapClient imap = ImapClient.login(EVERPOST, user)) {
      assertThat(search(imap, "INBOX", "SEEN FLAGGED ANSWERED")).containsExactly(2);
      assertThat(search(imap, "INBOX", "ALL"))
          .containsExactly(1, 2, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21);
      assertThat(search(imap, "New", "SEEN SUBJECT \"from here\"")).hasSize(1);
      assertThat(search(imap, "Work", "UNSEEN SUBJECT \"also from here\"")).hasSize(1);
    }
  }

  private void checkNear() throws IOException {
    assertThat(files("INBOX")).hasSize(17);
    assertThat(file("INBOX", "number 4").toString()).endsWith(":2,RS");
    assertThat(file("INBOX", "from there").toString()).endsWith(":2,D");
    assertThat(files("Further")).hasSize(1);
  }
}
