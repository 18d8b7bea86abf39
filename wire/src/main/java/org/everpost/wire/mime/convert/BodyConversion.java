package org.everpost.wire.mime.convert;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.everpost.wire.mime.MimeScanner;
import org.jspecify.annotations.Nullable;

/** What has to be done to a message so that a peer can take it. */
public sealed interface BodyConversion {

  /** What the peer takes. */
  enum Target {
    /** RFC 5321 §2.4. */
    SEVEN_BIT,
    /** RFC 6152: lines of any octets. */
    EIGHT_BIT
  }

  /** A message that can be read from its beginning several times. */
  @FunctionalInterface
  interface Source {
    InputStream open() throws IOException;
  }

  /** The peer takes it as it is. */
  record NotNeeded() implements BodyConversion {}

  /** The converter makes it fit. */
  record Possible(BodyConverter converter) implements BodyConversion {}

  /**
   * It cannot be sent to this peer (RFC 3463 §3.7: 5.6.3).
   *
   * @param reason for a notification
   */
  record Impossible(String reason) implements BodyConversion {}

  /**
   * Reads the message, twice if it needs anything.
   *
   * <p>Header fields beyond ASCII are converted for those who take 7-bit only. Deviates from RFC
   * 6152 §3, which is about bodies: who takes 8-bit gets them as they are. Those that SMTPUTF8
   * allows need a peer that offers it (RFC 6531 §3.1); the others were never allowed, and such
   * peers take them.
   */
  static BodyConversion plan(Source source, Target target) throws IOException {
    MimeScanner scanner = new MimeScanner();
    OctetCount all = new OctetCount();
    byte[] buffer = new byte[16 * 1024];
    try (InputStream content = source.open()) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        scanner.feed(buffer, 0, n);
        all.add(buffer, 0, n);
      }
    }
    if (!all.exceeds(target)) {
      return new NotNeeded();
    }
    List<Region> regions = Layout.of(scanner.finish());
    try (InputStream content = source.open()) {
      for (Region region : regions) {
        region.examine(content, buffer);
      }
    }
    boolean needed = false;
    for (Region region : regions) {
      if (region.exceeds(target)) {
        needed = true;
        String obstacle = obstacle(region);
        if (obstacle != null) {
          return new Impossible(obstacle);
        }
      }
    }
    return needed ? new Possible(new BodyConverter(regions, target)) : new NotNeeded();
  }

  /** Why the region cannot be changed; null if it can. */
  private static @Nullable String obstacle(Region region) {
    if (region.signed()) {
      return "a signed part has octets that the server does not take, and cannot be converted"
          + " without breaking its signature";
    }
    return switch (region) {
      case Region.Header header ->
          header.convertible()
              ? null
              : "a header beyond ASCII is too long or too strange to be converted";
      case Region.Between between ->
          between.hasDelimiterBeyondAscii()
              ? "the boundary of a multipart is not ASCII and cannot be converted"
              : null;
      case Region.Body body -> body.header().obstacle();
    };
  }
}
