package org.everpost.wire.mime;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prints how fast the scanner is: not a test, to be run by hand after a change to it. */
final class MimeScannerSpeed {

  /** What this thread computed, so that a busy machine does not count. */
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private static final int CHUNK = 16 * 1024;

  private MimeScannerSpeed() {}

  public static void main(String[] args) throws IOException {
    measure("plain 10 KiB", List.of(plain()));
    measure("multipart 10 KiB", List.of(multipart()));
    measure("base64 20 MiB", List.of(attachment()));
    var corpus = new ArrayList<byte[]>();
    try (var files = Files.list(Path.of("src/test/resources/corpus/mime"))) {
      for (Path file : files.sorted().toList()) {
        corpus.add(Files.readAllBytes(file));
      }
    }
    measure("corpus", corpus);
  }

  private static void measure(String what, List<byte[]> messages) {
    long octets = messages.stream().mapToLong(m -> m.length).sum();
    int rounds = (int) Math.max(3, 200_000_000 / octets);
    double best = Double.MAX_VALUE;
    long parts = 0;
    for (int run = 0; run < 7; run++) {
      long start = CPU.getCurrentThreadCpuTime();
      for (int round = 0; round < rounds; round++) {
        for (byte[] message : messages) {
          parts += scan(message).parts().size();
        }
      }
      best = Math.min(best, (CPU.getCurrentThreadCpuTime() - start) / 1e3 / rounds);
    }
    System.out.printf(
        "%-18s %9d octets %10.2f us each %8.0f MB/s (%d)%n",
        what, octets, best / messages.size(), octets / best, parts);
  }

  private static MimePart scan(byte[] message) {
    var scanner = new MimeScanner();
    for (int i = 0; i < message.length; i += CHUNK) {
      scanner.feed(message, i, Math.min(CHUNK, message.length - i));
    }
    return scanner.finish();
  }

  private static String header() {
    var header = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      header
          .append("Received: from mx")
          .append(i)
          .append(".example.org (mx.example.org [192.0.2.1])\r\n")
          .append("\tby mail.example.net (Postfix) with ESMTPS id 4XyZ1234567890\r\n")
          .append("\tfor <bob@example.net>; Mon, 23 Nov 2026 18:35:57 +0000 (UTC)\r\n");
    }
    header.append(
        """
        DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=s1;
         h=from:to:subject:date:message-id; bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
         b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB4nujc7YopdG5dWLSdNg6xNAZpOPr
        From: "Alice Example" <alice@example.org>
        To: Bob <bob@example.net>, carol@example.net
        Cc: Dave <dave@example.com>
        Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?= from the mountains
        Date: Mon, 23 Nov 2026 18:35:57 +0000
        Message-ID: <20261123183557.123456@example.org>
        MIME-Version: 1.0
        """
            .replace("\n", "\r\n"));
    return header.toString();
  }

  private static byte[] plain() {
    var text = new StringBuilder(header());
    text.append("Content-Type: text/plain; charset=utf-8\r\n\r\n");
    while (text.length() < 10 * 1024) {
      text.append("The quick brown fox jumps over the lazy dog, again and again and again.\r\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] multipart() {
    var text = new StringBuilder(header());
    text.append("Content-Type: multipart/alternative; boundary=\"=_boundary_1234567890\"\r\n\r\n");
    for (String subtype : List.of("plain", "html")) {
      text.append("--=_boundary_1234567890\r\nContent-Type: text/").append(subtype);
      text.append("; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
      int end = text.length() + 4 * 1024;
      while (text.length() < end) {
        text.append("The quick brown fox jumps over the lazy dog, again and again and ag=\r\n");
      }
    }
    return text.append("--=_boundary_1234567890--\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] attachment() {
    var text = new StringBuilder(header());
    text.append("Content-Type: multipart/mixed; boundary=\"=_boundary_1234567890\"\r\n\r\n");
    text.append("--=_boundary_1234567890\r\nContent-Type: application/pdf\r\n\r\n");
    while (text.length() < 20 * 1024 * 1024) {
      text.append(
          "JVBERi0xLj4Kc3RhcnR4cmVmCjUzNjEwCiUlRU9GCgJVBERi0xLj4Kc3RhcnR4cmVmCjUzNjEwCiUl\r\n");
    }
    return text.append("--=_boundary_1234567890--\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }
}
