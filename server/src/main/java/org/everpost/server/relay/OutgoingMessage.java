package org.everpost.server.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to one destination.
 *
 * @param from the reverse-path
 * @param recipients all of the same destination, at least one
 * @param size octets of {@code content}
 * @param body what the content is at most
 * @param smtpUtf8 whether an address or the header needs it (RFC 6531)
 * @param requireTls RFC 8689
 * @param ret RFC 3461 §4.3; null if the sender did not say
 * @param envid RFC 3461 §4.4, decoded; null if the sender did not say
 * @param signatures what is put above the content as it is sent
 */
public record OutgoingMessage(
    Path from,
    List<Recipient> recipients,
    long size,
    Body body,
    boolean smtpUtf8,
    boolean requireTls,
    @Nullable Ret ret,
    @Nullable String envid,
    Content content,
    Signatures signatures) {

  /** Nobody signs it. */
  public static final Signatures UNSIGNED = _ -> "";

  public OutgoingMessage {
    Objects.requireNonNull(from, "from");
    recipients = List.copyOf(recipients);
    if (recipients.isEmpty()) {
      throw new IllegalArgumentException("a message has a recipient");
    }
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(signatures, "signatures");
  }

  /** One that nobody signs. */
  public OutgoingMessage(
      Path from,
      List<Recipient> recipients,
      long size,
      Body body,
      boolean smtpUtf8,
      boolean requireTls,
      @Nullable Ret ret,
      @Nullable String envid,
      Content content) {
    this(from, recipients, size, body, smtpUtf8, requireTls, ret, envid, content, UNSIGNED);
  }

  /**
   * One recipient.
   *
   * @param notifyOn RFC 3461 §4.1; empty if the sender did not say
   * @param orcpt RFC 3461 §4.2, {@code type;address}, decoded; null if the sender did not say
   */
  public record Recipient(Path to, Set<Notify> notifyOn, @Nullable String orcpt) {
    public Recipient {
      Objects.requireNonNull(to, "to");
      notifyOn = Set.copyOf(notifyOn);
    }
  }

  /** The octets, CR LF at line ends, without dot-stuffing. May be opened several times. */
  @FunctionalInterface
  public interface Content {
    InputStream open() throws IOException;
  }

  /** Writes the octets in the form in which a peer takes them. */
  @FunctionalInterface
  public interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Signs what is sent: a message that was converted for a peer has another body than the one that
   * was not (RFC 6376 §5.3).
   */
  @FunctionalInterface
  public interface Signatures {
    /** Header fields, ASCII, with line ends; empty if there are none. */
    String of(Writer sent) throws IOException;
  }
}
