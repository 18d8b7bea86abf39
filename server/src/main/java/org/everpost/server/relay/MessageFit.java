package org.everpost.server.relay;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.everpost.server.relay.OutgoingMessage.Writer;
import org.everpost.wire.mime.convert.BodyConversion;
import org.everpost.wire.mime.convert.BodyConverter;
import org.everpost.wire.smtp.PeerCapabilities;
import org.everpost.wire.smtp.PeerCapabilities.Extension;
import org.everpost.wire.smtp.SmtpCommand.Body;

/** A message in the form in which a peer takes it, or why it cannot. */
sealed interface MessageFit {

  /**
   * The peer takes it.
   *
   * @param body what it is told of the octets
   * @param size how many octets there are
   * @param chunked whether they go by BDAT, which every octet survives
   */
  record Fits(Body body, long size, boolean chunked, boolean smtpUtf8, Writer content)
      implements MessageFit {}

  /** It never will. */
  record Unfit(String status, String text) implements MessageFit {}

  /**
   * Looks what has to be done, which may take reading the message; and signs what comes of it.
   *
   * @throws IOException if it cannot be read
   */
  static MessageFit of(OutgoingMessage message, PeerCapabilities peer) throws IOException {
    return switch (unsigned(message, peer)) {
      case Unfit unfit -> unfit;
      case Fits fits -> signed(fits, message.signatures(), peer);
    };
  }

  private static MessageFit signed(
      Fits fits, OutgoingMessage.Signatures signatures, PeerCapabilities peer) throws IOException {
    byte[] above = signatures.of(fits.content()).getBytes(StandardCharsets.US_ASCII);
    if (above.length == 0) {
      return fits;
    }
    long size = fits.size() + above.length;
    if (size > peer.maxSize()) {
      return tooLarge(size, peer);
    }
    Writer content =
        out -> {
          out.write(above);
          fits.content().writeTo(out);
        };
    return new Fits(fits.body(), size, fits.chunked(), fits.smtpUtf8(), content);
  }

  private static MessageFit unsigned(OutgoingMessage message, PeerCapabilities peer)
      throws IOException {
    boolean smtpUtf8 =
        message.smtpUtf8()
            || message.from().isInternationalised()
            || message.recipients().stream().anyMatch(r -> r.to().isInternationalised());
    // RFC 6531 §3.5; who offers the one has to offer the other (§3.1).
    if (smtpUtf8 && !(peer.offers(Extension.SMTPUTF8) && peer.offers(Extension.EIGHT_BIT_MIME))) {
      return new Unfit("5.6.7", " does not take internationalised mail (SMTPUTF8)");
    }
    if (message.size() > peer.maxSize()) {
      return tooLarge(message.size(), peer);
    }
    boolean chunked = message.body() == Body.BINARY_MIME && peer.offers(Extension.BINARY_MIME);
    boolean asItIs =
        switch (message.body()) {
          case SEVEN_BIT -> true;
          case EIGHT_BIT_MIME -> peer.offers(Extension.EIGHT_BIT_MIME);
          case BINARY_MIME -> chunked;
        };
    return asItIs
        ? new Fits(message.body(), message.size(), chunked, smtpUtf8, whole(message.content()))
        : converted(message, peer, smtpUtf8);
  }

  private static MessageFit converted(
      OutgoingMessage message, PeerCapabilities peer, boolean smtpUtf8) throws IOException {
    boolean eightBit = peer.offers(Extension.EIGHT_BIT_MIME);
    OutgoingMessage.Content content = message.content();
    BodyConversion.Target target =
        eightBit ? BodyConversion.Target.EIGHT_BIT : BodyConversion.Target.SEVEN_BIT;
    Body body = eightBit ? Body.EIGHT_BIT_MIME : Body.SEVEN_BIT;
    return switch (BodyConversion.plan(content::open, target)) {
      case BodyConversion.NotNeeded _ ->
          new Fits(body, message.size(), false, smtpUtf8, whole(content));
      case BodyConversion.Impossible impossible ->
          new Unfit("5.6.3", " cannot take this message: " + impossible.reason());
      case BodyConversion.Possible possible -> {
        Writer writer = converter(content, possible.converter());
        long size = size(writer);
        yield size > peer.maxSize()
            ? tooLarge(size, peer)
            : new Fits(body, size, false, smtpUtf8, writer);
      }
    };
  }

  private static Unfit tooLarge(long size, PeerCapabilities peer) {
    return new Unfit(
        "5.3.4",
        " takes messages of up to %d octets; this one has %d".formatted(peer.maxSize(), size));
  }

  private static Writer whole(OutgoingMessage.Content content) {
    return out -> {
      try (InputStream in = content.open()) {
        in.transferTo(out);
      }
    };
  }

  private static Writer converter(OutgoingMessage.Content content, BodyConverter converter) {
    return out -> {
      try (InputStream in = content.open()) {
        converter.convert(in, out);
      }
    };
  }

  private static long size(Writer writer) throws IOException {
    long[] size = new long[1];
    writer.writeTo(
        new FilterOutputStream(OutputStream.nullOutputStream()) {
          @Override
          public void write(int octet) {
            size[0]++;
          }

          @Override
          public void write(byte[] octets, int offset, int length) {
            size[0] += length;
          }
        });
    return size[0];
  }
}
