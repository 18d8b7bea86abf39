package org.everpost.wire.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** What holds for the structure of any message whatever. */
final class MimeSanity {

  private final byte[] message;
  private int parts;

  private MimeSanity(byte[] message) {
    this.message = message;
  }

  static MimePart scan(byte[] message) {
    var scanner = new MimeScanner();
    scanner.feed(message, 0, message.length);
    return scanner.finish();
  }

  static MimePart scanInPieces(byte[] message, RandomGenerator random, int longest) {
    var scanner = new MimeScanner();
    int at = 0;
    while (at < message.length) {
      int n = Math.min(message.length - at, random.nextInt(longest + 1));
      byte[] piece = new byte[n + 2];
      System.arraycopy(message, at, piece, 1, n);
      scanner.feed(piece, 1, n);
      at += n;
    }
    return scanner.finish();
  }

  static void check(MimePart root, byte[] message) {
    var sanity = new MimeSanity(message);
    check(root.headerOffset() == 0, "the root begins the message", root);
    check(end(root) == message.length, "the root ends the message", root);
    check(root.envelope() != null, "the root has an envelope", root);
    sanity.part(root, 1);
    assertThat(sanity.parts).isLessThanOrEqualTo(MimeLimits.PARTS);
  }

  private void part(MimePart part, int depth) {
    parts++;
    check(depth <= MimeLimits.DEPTH, "depth", part);
    check(part.headerOffset() >= 0 && part.headerSize() >= 0, "header", part);
    check(part.bodyOffset() == part.headerOffset() + part.headerSize(), "body offset", part);
    check(part.bodySize() >= 0 && end(part) <= message.length, "body size", part);
    check(part.lines() >= 0 && part.lines() <= part.bodySize(), "lines", part);
    check(!part.type().isEmpty() && !part.subtype().isEmpty(), "type", part);
    check(part.type().matches("[^\\s/;\\p{Lu}]+"), "type", part);
    check(!part.encoding().isEmpty(), "encoding", part);
    if (part.isMultipart()) {
      check(!part.parts().isEmpty(), "a multipart has parts", part);
      multipart(part);
    } else if (!part.parts().isEmpty()) {
      check(part.type().equals("message") && part.parts().size() == 1, "a message in it", part);
      check(part.enclosedEnvelope() != null, "envelope of the enclosed message", part);
      MimePart enclosed = part.parts().getFirst();
      check(enclosed.headerOffset() == part.bodyOffset(), "begins the body", enclosed);
      check(end(enclosed) == end(part), "ends the body", enclosed);
    }
    for (MimePart child : part.parts()) {
      part(child, depth + 1);
    }
  }

  /** Between the parts of a multipart there are delimiters and nothing else. */
  private void multipart(MimePart multipart) {
    String boundary = "";
    for (MimePart.Parameter parameter : multipart.parameters()) {
      boundary = parameter.name().equals("boundary") ? parameter.value() : boundary;
    }
    byte[] delimiter = ("--" + boundary.stripTrailing()).getBytes(StandardCharsets.UTF_8);
    long at = multipart.bodyOffset();
    boolean first = true;
    for (MimePart part : multipart.parts()) {
      check(part.headerOffset() >= at && end(part) <= end(multipart), "within its parent", part);
      String gap = text(at, part.headerOffset());
      String wanted = new String(delimiter, StandardCharsets.ISO_8859_1);
      int start = first ? gap.lastIndexOf(wanted) : lineEnd(gap);
      check(start >= 0 && gap.startsWith(wanted, start), "a delimiter before it", part);
      check(gap.substring(start).strip().indexOf('\n') < 0, "nothing else before it", part);
      at = end(part);
      first = false;
    }
  }

  private static int lineEnd(String gap) {
    return gap.startsWith("\r\n") ? 2 : gap.startsWith("\n") || gap.startsWith("\r") ? 1 : 0;
  }

  private String text(long from, long to) {
    return new String(message, (int) from, (int) (to - from), StandardCharsets.ISO_8859_1);
  }

  private static long end(MimePart part) {
    return part.bodyOffset() + part.bodySize();
  }

  private static void check(boolean holds, String what, MimePart part) {
    if (!holds) {
      fail(what + ": " + part);
    }
  }
}
