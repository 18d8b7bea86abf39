package org.everpost.store;

import java.util.Objects;

/** One change within a commit. Mutations of one commit apply in their order. */
@SuppressWarnings("ArrayRecordComponent") // mutations are applied, never compared
public sealed interface Mutation {

  /** Puts a row, replacing what was there. */
  record Put(byte[] key, byte[] value) implements Mutation {
    public Put {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(value, "value");
    }
  }

  /** Deletes a row if it is there. */
  record Delete(byte[] key) implements Mutation {
    public Delete {
      Objects.requireNonNull(key, "key");
    }
  }

  /** Deletes every row of a range. */
  record DeleteRange(KeyRange range) implements Mutation {
    public DeleteRange {
      Objects.requireNonNull(range, "range");
    }
  }
}
