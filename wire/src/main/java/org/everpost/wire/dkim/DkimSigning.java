package org.everpost.wire.dkim;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.everpost.wire.smtp.LineEnds;
import org.jspecify.annotations.Nullable;

/** Signs a message that passes by once, with any number of keys. */
public final class DkimSigning {

  /**
   * Fields that are signed, and once more than they are there, so that none can be added (RFC 6376
   * §8.15).
   */
  private static final List<String> OVERSIGNED =
      List.of(
          "from",
          "to",
          "cc",
          "reply-to",
          "subject",
          "date",
          "message-id",
          "in-reply-to",
          "references",
          "mime-version",
          "content-type",
          "content-transfer-encoding");

  /** Fields that are signed if they are there; a mailing list may add its own (§5.4.1). */
  private static final List<String> SIGNED =
      List.of(
          "sender",
          "resent-date",
          "resent-from",
          "resent-sender",
          "resent-to",
          "resent-cc",
          "resent-message-id",
          "list-id",
          "list-help",
          "list-unsubscribe",
          "list-unsubscribe-post",
          "list-subscribe",
          "list-post",
          "list-owner",
          "list-archive",
          "auto-submitted");

  /** More fields of one name than that are not what anybody writes. */
  private static final int MAX_OF_ONE_NAME = 10;

  private static final int LINE_LENGTH = 76;

  private final List<DkimKey> keys;
  private final MessageSplit split = new MessageSplit();
  private final BodyHash body = new BodyHash(Canonicalization.RELAXED, BodyHash.WHOLE);

  public DkimSigning(List<DkimKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /** Takes the next octets of the message, CR LF at line ends, without dot-stuffing. */
  public void feed(byte[] octets, int offset, int length) {
    int to = offset + length;
    int from = split.feed(octets, offset, to);
    body.update(octets, from, to);
  }

  /**
   * Ends the message.
   *
   * @param validity how long a signature counts ({@code x=}); null for no end
   * @return a field a key, with its line ends, to stand above the message; none if the message has
   *     no From, or a header that is too long or has a CR or LF that stands alone
   */
  public List<String> sign(Instant now, @Nullable Duration validity) {
    byte[] octets = split.header();
    CanonicalHeader header = new CanonicalHeader(octets);
    LineEnds lineEnds = new LineEnds();
    lineEnds.check(octets, 0, octets.length);
    // What has other line ends means something else once a field stands above it.
    if (split.tooLong() || lineEnds.bare(true) || header.all("from").isEmpty()) {
      return List.of();
    }
    List<String> names = names(header);
    String bodyHash = Base64.getEncoder().encodeToString(body.digest());
    List<String> signatures = new ArrayList<>();
    for (DkimKey key : keys) {
      String unsigned = unsigned(key, names, bodyHash, now, validity);
      byte[] input =
          header.input(
              names, Canonicalization.RELAXED, unsigned.getBytes(StandardCharsets.US_ASCII));
      byte[] signature = key.algorithm().sign(key.key(), input);
      StringBuilder field = new StringBuilder(unsigned);
      appendFolded(field, Base64.getEncoder().encodeToString(signature));
      signatures.add(field.append("\r\n").toString());
    }
    return signatures;
  }

  private static List<String> names(CanonicalHeader header) {
    List<String> names = new ArrayList<>();
    for (String name : OVERSIGNED) {
      int count = Math.min(header.all(name).size(), MAX_OF_ONE_NAME);
      for (int i = 0; i <= count; i++) {
        names.add(name);
      }
    }
    for (String name : SIGNED) {
      int count = Math.min(header.all(name).size(), MAX_OF_ONE_NAME);
      for (int i = 0; i < count; i++) {
        names.add(name);
      }
    }
    return names;
  }

  /** The field up to {@code b=}. */
  private static String unsigned(
      DkimKey key, List<String> names, String bodyHash, Instant now, @Nullable Duration validity) {
    StringBuilder field = new StringBuilder(1024);
    field.append("DKIM-Signature: v=1; a=").append(key.algorithm().tag());
    field.append("; c=relaxed/relaxed;\r\n d=").append(key.domain());
    field.append(";\r\n s=").append(key.selector());
    field.append(";\r\n t=").append(now.getEpochSecond());
    if (validity != null) {
      field.append("; x=").append(now.plus(validity).getEpochSecond());
    }
    field.append(";\r\n h=");
    int column = 3;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (column + name.length() + 1 > LINE_LENGTH) {
        field.append("\r\n ");
        column = 1;
      }
      field.append(name).append(i + 1 < names.size() ? ':' : ';');
      column += name.length() + 1;
    }
    return field.append("\r\n bh=").append(bodyHash).append(";\r\n b=").toString();
  }

  private static void appendFolded(StringBuilder field, String base64) {
    for (int at = 0; at < base64.length(); at += LINE_LENGTH - 4) {
      if (at > 0) {
        field.append("\r\n ");
      }
      field.append(base64, at, Math.min(base64.length(), at + LINE_LENGTH - 4));
    }
  }
}
