package org.everpost.core.spool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.everpost.store.Ledger;
import org.everpost.store.Mutation;

/** What one commit to a spool partition is to do. Used by one thread. */
final class SpoolDraft {

  /** With so much in it a commit is large enough: less than a ledger takes, for what comes last. */
  private static final int ENOUGH_OCTETS = Ledger.MAX_COMMIT_OCTETS / 2;

  private static final int ENOUGH_MUTATIONS = Ledger.MAX_MUTATIONS / 4;

  /** For the key of a row. */
  private static final int ROW_OVERHEAD = 16;

  private final List<Mutation> mutations = new ArrayList<>();
  private final Map<SpoolId, Optional<SpooledMessage>> after = new LinkedHashMap<>();
  private long octets;

  /** A message as it is stored. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  record Stored(SpooledMessage message, byte[] row) {
    static Stored of(SpooledMessage message) {
      return new Stored(message, MessageRow.encode(message));
    }
  }

  /** Whether all of these fit into one commit, beside what every commit does on the side. */
  static boolean fits(List<Stored> messages) {
    return messages.size() <= Ledger.MAX_MUTATIONS - ENOUGH_MUTATIONS
        && octets(messages) <= Ledger.MAX_COMMIT_OCTETS - ENOUGH_MUTATIONS * ROW_OVERHEAD;
  }

  private static long octets(List<Stored> messages) {
    long sum = 0;
    for (Stored stored : messages) {
      sum += stored.row().length + ROW_OVERHEAD;
    }
    return sum;
  }

  private boolean hasRoomFor(List<Stored> messages) {
    boolean few = mutations.size() + messages.size() <= ENOUGH_MUTATIONS;
    return after.isEmpty() || (few && octets + octets(messages) <= ENOUGH_OCTETS);
  }

  /** Deletes a message that nobody has seen. */
  void discard(SpoolId id) {
    octets += ROW_OVERHEAD;
    mutations.add(new Mutation.Delete(MessageRow.key(id)));
  }

  /** Puts messages, if there is room for all. */
  boolean add(List<Stored> messages) {
    boolean room = hasRoomFor(messages);
    if (room) {
      for (Stored stored : messages) {
        mutations.add(new Mutation.Put(MessageRow.key(stored.message().id()), stored.row()));
        after.put(stored.message().id(), Optional.of(stored.message()));
      }
      octets += octets(messages);
    }
    return room;
  }

  /** Puts a message that was there in its new form, or deletes it (empty), if there is room. */
  boolean change(SpoolId id, Optional<SpooledMessage> message) {
    if (message.isPresent()) {
      if (!message.get().id().equals(id)) {
        throw new IllegalArgumentException("a message keeps its id");
      }
      return add(List.of(Stored.of(message.get())));
    }
    boolean room = hasRoomFor(List.of());
    if (room) {
      discard(id);
      after.put(id, Optional.empty());
    }
    return room;
  }

  /** Whether it does something to a message. */
  boolean knows(SpoolId id) {
    return after.containsKey(id);
  }

  /** What it makes of a message it does something to; empty: it is gone then. */
  Optional<SpooledMessage> message(SpoolId id) {
    return Objects.requireNonNull(after.get(id), "not changed");
  }

  /** What is to be committed. */
  List<Mutation> mutations() {
    return mutations;
  }

  /** The messages it changes, as they will be; empty: gone. */
  Map<SpoolId, Optional<SpooledMessage>> after() {
    return after;
  }
}
