package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A Postfix of its own on a port of loopback, which keeps all mail for {@code there.test}. */
final class Postfix implements AutoCloseable {

  private final Path directory;
  private final int port;

  /**
   * Starts it.
   *
   * @param configuration further lines of main.cf; {@code DIR} is the directory of {@code files}
   */
  Postfix(Path files, String... configuration) {
    port = Ports.free(1).getFirst();
    try {
      directory = Files.createTempDirectory("everpost-postfix");
      Path conf = Files.createDirectory(directory.resolve("conf"));
      Files.createDirectory(directory.resolve("spool"));
      Tool.of("chmod", "755", directory.toString()).run().good();
      Path data = Files.createDirectory(directory.resolve("data"));
      Path mail = Files.createDirectory(directory.resolve("mail"));
      Tool.of("chown", "postfix", data.toString()).run().good();
      Tool.of("chown", "nobody", mail.toString()).run().good();
      Files.writeString(conf.resolve("master.cf"), master());
      Files.writeString(conf.resolve("main.cf"), main(mail, files, configuration));
      Tool.of("postfix", "-c", conf.toString(), "start").run().good();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Patience.await(
        () -> "Postfix listens: " + log(),
        () -> {
          try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return socket.getInputStream().read() >= 0;
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** Debian's services, without chroot, and on our port. */
  private String master() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/usr/share/postfix/master.cf.dist"))) {
      if (line.startsWith("smtp      inet")) {
        lines.add("127.0.0.1:" + port + " inet n - n - - smtpd");
      } else {
        lines.add(
            line.replaceFirst("^(\\S+\\s+(?:unix|inet|unix-dgram)\\s+\\S+\\s+\\S+\\s+)y", "$1n"));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private String main(Path mail, Path files, String... configuration) throws IOException {
    long nobody = ((Number) Files.getAttribute(mail, "unix:uid")).longValue();
    String usual =
        """
        compatibility_level = 3.6
        queue_directory = DIR/spool
        data_directory = DIR/data
        maillog_file = DIR/log
        maillog_file_prefixes = DIR
        myhostname = mx.there.test
        mydestination =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        disable_dns_lookups = yes
        smtpd_peername_lookup = no
        alias_maps =
        alias_database =
        mynetworks =
        virtual_mailbox_domains = there.test
        virtual_mailbox_base = DIR/mail
        virtual_mailbox_maps = static:box/
        virtual_uid_maps = static:%d
        virtual_gid_maps = static:%d
        virtual_minimum_uid = 1
        smtpd_delay_reject = no
        smtpd_relay_restrictions = reject_unauth_destination
        """
            .formatted(nobody, nobody)
            .replace("DIR", directory.toString());
    return usual + String.join("\n", configuration).replace("FILES", files.toString()) + "\n";
  }

  int port() {
    return port;
  }

  /** What it wrote so far. */
  String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      return "";
    }
  }

  /** The message with this subject, once it is in the mailbox. */
  String received(String subject) {
    List<String> found = new ArrayList<>();
    Patience.await(
        () -> subject + " arrives: " + log(),
        () -> {
          found.addAll(mailbox().stream().filter(m -> m.contains("Subject: " + subject)).toList());
          return !found.isEmpty();
        });
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private List<String> mailbox() throws IOException {
    Path box = directory.resolve("mail/box/new");
    if (!Files.exists(box)) {
      return List.of();
    }
    List<String> messages = new ArrayList<>();
    try (Stream<Path> files = Files.list(box)) {
      for (Path file : files.toList()) {
        messages.add(Files.readString(file, StandardCharsets.UTF_8));
      }
    }
    return messages;
  }

  @Override
  public void close() {
    Tool.of("postfix", "-c", directory.resolve("conf").toString(), "stop").run();
    Tool.delete(directory);
  }
}
