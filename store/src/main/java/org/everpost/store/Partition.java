package org.everpost.store;

import java.util.Objects;

/**
 * The name of a partition.
 *
 * @param id 1 to 255 characters; stored as UTF-8
 */
public record Partition(PartitionKind kind, String id) {
  public Partition {
    Objects.requireNonNull(kind, "kind");
    if (id.isEmpty() || id.length() > 255) {
      throw new IllegalArgumentException("partition id of " + id.length() + " characters");
    }
  }

  @Override
  public String toString() {
    return kind + "/" + id;
  }
}
