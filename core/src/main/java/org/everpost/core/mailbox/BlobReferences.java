package org.everpost.core.mailbox;

import java.util.Objects;
import java.util.function.Function;
import org.everpost.store.BlobId;
import org.everpost.store.KeyRange;
import org.everpost.store.PartitionKind;

/**
 * Rows that refer to blobs.
 *
 * @param kind of the partitions they are in
 * @param rows all of them, in each such partition. One that is there stays where it is until the
 *     reference ends.
 * @param blob what a row's value refers to; IllegalStateException if it cannot be read
 */
public record BlobReferences(PartitionKind kind, KeyRange rows, Function<byte[], BlobId> blob) {

  /** What mailboxes refer to. */
  static final BlobReferences OF_MAILBOXES =
      new BlobReferences(PartitionKind.ACCOUNT, EmailRow.RANGE, EmailRow::blob);

  public BlobReferences {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(blob, "blob");
  }
}
