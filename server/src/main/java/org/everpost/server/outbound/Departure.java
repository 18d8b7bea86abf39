package org.everpost.server.outbound;

import java.util.List;
import java.util.Objects;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.store.BlobId;

/**
 * A message that is to leave: what {@link Outbound#accept} makes a message of the queue of.
 *
 * @param sender whose message it is, see {@link org.everpost.core.spool.SpooledMessage}
 * @param prefix header fields of this copy, with line ends
 * @param skip octets at the begin of the blob that are not sent
 * @param blobSize octets of the blob
 */
public record Departure(
    String sender,
    Envelope envelope,
    String prefix,
    BlobId blob,
    int skip,
    long blobSize,
    List<SpooledRecipient> recipients) {
  public Departure {
    Objects.requireNonNull(sender, "sender");
    Objects.requireNonNull(envelope, "envelope");
    Objects.requireNonNull(prefix, "prefix");
    Objects.requireNonNull(blob, "blob");
    recipients = List.copyOf(recipients);
  }
}
