package org.everpost.core.mailbox;

import org.everpost.store.BlobId;
import org.everpost.wire.mime.MimePart;

/**
 * The content of a message, shared by its copies within the account.
 *
 * @param size in octets
 * @param structure the root part, with the envelope
 */
public record Email(EmailId id, BlobId blob, long size, MimePart structure) {}
