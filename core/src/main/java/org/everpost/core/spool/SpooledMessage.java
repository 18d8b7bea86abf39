package org.everpost.core.spool;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.everpost.store.BlobId;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.jspecify.annotations.Nullable;

/**
 * A message in the queue.
 *
 * @param sender whose message it is: the address of the account that was logged in; of a stranger's
 *     message that of the alias that forwards it; empty for our own notifications. Senders get
 *     equal shares.
 * @param prefix header fields of this copy that stand before the blob's octets, with line ends
 * @param blob the content, which mailboxes may share
 * @param skip octets of the blob that only they get: the Return-Path field (RFC 5321 §4.4)
 * @param size in octets, the prefix and what of the blob is sent together
 * @param expires when it is given up
 * @param delayTold whether the sender was told of the delay, or need not be
 * @param held why it is not tried until somebody releases it; null: it is
 */
public record SpooledMessage(
    SpoolId id,
    Instant accepted,
    String sender,
    Envelope envelope,
    String prefix,
    BlobId blob,
    int skip,
    long size,
    Instant expires,
    boolean delayTold,
    @Nullable String held,
    List<SpooledRecipient> recipients) {

  /** The longest prefix, in characters. */
  static final int MAX_PREFIX = 4_096;

  public SpooledMessage {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(accepted, "accepted");
    Objects.requireNonNull(sender, "sender");
    Objects.requireNonNull(envelope, "envelope");
    Objects.requireNonNull(blob, "blob");
    Objects.requireNonNull(expires, "expires");
    recipients = List.copyOf(recipients);
    if (recipients.isEmpty()) {
      throw new IllegalArgumentException("a message has a recipient");
    }
    if (prefix.length() > MAX_PREFIX) {
      throw new IllegalArgumentException("prefix of " + prefix.length() + " characters");
    }
  }

  /**
   * What the sender said with MAIL.
   *
   * @param body what the content is at most
   * @param smtpUtf8 whether it needs SMTPUTF8 (RFC 6531)
   * @param tls what the sender says of TLS
   * @param ret RFC 3461 §4.3; null if the sender did not say
   * @param envid RFC 3461 §4.4, decoded; null if the sender did not say
   * @param proven the sender elsewhere for whom the path stands since an address of ours forwards
   *     his message, if SPF has shown that it is his; null: it has not, or the path is the sender's
   */
  public record Envelope(
      Path from,
      Body body,
      boolean smtpUtf8,
      TlsDemand tls,
      @Nullable Ret ret,
      @Nullable String envid,
      @Nullable EmailAddress proven) {

    /** With the sender's own path. */
    public Envelope(
        Path from,
        Body body,
        boolean smtpUtf8,
        TlsDemand tls,
        @Nullable Ret ret,
        @Nullable String envid) {
      this(from, body, smtpUtf8, tls, ret, envid, null);
    }

    public Envelope {
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(body, "body");
      Objects.requireNonNull(tls, "tls");
    }

    public boolean requireTls() {
      return tls == TlsDemand.REQUIRED;
    }
  }

  /** Whether nothing is left to do: everybody has it or has not, and the sender knows. */
  public boolean isDone() {
    for (SpooledRecipient recipient : recipients) {
      if (recipient.isWaiting() || !recipient.told()) {
        return false;
      }
    }
    return true;
  }

  /** The same with each recipient changed. */
  public SpooledMessage withRecipients(UnaryOperator<SpooledRecipient> change) {
    return copy(delayTold, held, recipients.stream().map(change).toList());
  }

  /** The same, held for a reason, or released (null). */
  public SpooledMessage withHeld(@Nullable String reason) {
    return copy(delayTold, reason, recipients);
  }

  /** The same, the sender told of the delay. */
  public SpooledMessage delayIsTold() {
    return copy(true, held, recipients);
  }

  private SpooledMessage copy(
      boolean isDelayTold, @Nullable String reason, List<SpooledRecipient> its) {
    return new SpooledMessage(
        id,
        accepted,
        sender,
        envelope,
        prefix,
        blob,
        skip,
        size,
        expires,
        isDelayTold,
        reason,
        its);
  }
}
