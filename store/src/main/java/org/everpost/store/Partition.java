package org.everpost.store;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The name of a partition.
 *
 * @param id 1 to 255 characters; stored as UTF-8, so without unpaired surrogates
 */
public record Partition(PartitionKind kind, String id) {
  public Partition {
    Objects.requireNonNull(kind, "kind");
    if (id.isEmpty() || id.length() > 255) {
      throw new IllegalArgumentException("partition id of " + id.length() + " characters");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(id)) {
      throw new IllegalArgumentException("partition id with half a surrogate pair");
    }
  }

  @Override
  public String toString() {
    return kind + "/" + id;
  }
}
