package org.everpost.core.mailbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The messages of a mailbox in UID order, immutable. A change makes a new list that shares all but
 * the touched chunks with the old one: a flag on one of a million messages copies some kilobytes.
 */
public final class MessageList {

  private static final int CHUNK = 256;

  static final MessageList EMPTY = new MessageList(new Chunk[0]);

  final Chunk[] chunks;

  /** {@code starts[i]}: index of the first message of chunk i; one more entry: the count. */
  final int[] starts;

  private MessageList(Chunk[] chunks) {
    this.chunks = chunks;
    this.starts = new int[chunks.length + 1];
    for (int i = 0; i < chunks.length; i++) {
      starts[i + 1] = starts[i] + chunks[i].count;
    }
  }

  /** Messages in ascending UID order. */
  static MessageList of(List<Message> messages) {
    return EMPTY.appended(messages);
  }

  public int count() {
    return starts[chunks.length];
  }

  public int uid(int index) {
    int c = chunk(index);
    return chunks[c].uids[index - starts[c]];
  }

  public long flags(int index) {
    int c = chunk(index);
    return chunks[c].flags[index - starts[c]];
  }

  public long modSeq(int index) {
    int c = chunk(index);
    return chunks[c].modSeqs[index - starts[c]];
  }

  public EmailId email(int index) {
    int c = chunk(index);
    return new EmailId(chunks[c].emails[index - starts[c]]);
  }

  /** In octets. */
  public long size(int index) {
    int c = chunk(index);
    return chunks[c].sizes[index - starts[c]];
  }

  /** Seconds since 1970. */
  public long internalDate(int index) {
    int c = chunk(index);
    return chunks[c].internalDates[index - starts[c]];
  }

  /** Seconds since 1970. */
  public long saveDate(int index) {
    int c = chunk(index);
    return chunks[c].saveDates[index - starts[c]];
  }

  public Message message(int index) {
    int c = chunk(index);
    return chunks[c].message(index - starts[c]);
  }

  /** The index of a UID; if absent {@code -(where it would be) - 1}. */
  public int indexOf(int uid) {
    int low = 0;
    int high = chunks.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (chunks[middle].lastUid() < uid) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (chunks.length == 0) {
      return -1;
    }
    Chunk chunk = chunks[low];
    int at = Arrays.binarySearch(chunk.uids, 0, chunk.count, uid);
    return at >= 0 ? starts[low] + at : at - starts[low];
  }

  /** The index of the first message that has none of these flags; -1 if all have some. */
  public int firstWithout(long flags) {
    for (int c = 0; c < chunks.length; c++) {
      for (int i = 0; i < chunks[c].count; i++) {
        if ((chunks[c].flags[i] & flags) == 0) {
          return starts[c] + i;
        }
      }
    }
    return -1;
  }

  /** The indexes of those UIDs that are here, ascending. */
  public int[] indexesOf(UidSet uids) {
    int[] indexes = new int[(int) Math.min(count(), uids.size())];
    int found = 0;
    for (int r = 0; r < uids.ranges(); r++) {
      int from = indexOf(uids.first(r));
      int index = from >= 0 ? from : -from - 1;
      while (index < count() && uid(index) <= uids.last(r)) {
        indexes[found++] = index++;
      }
    }
    return Arrays.copyOf(indexes, found);
  }

  /** With messages behind the last, in ascending UID order. */
  MessageList appended(List<Message> messages) {
    if (messages.isEmpty()) {
      return this;
    }
    List<Chunk> result = new ArrayList<>(Arrays.asList(chunks));
    int next = 0;
    if (!result.isEmpty() && result.getLast().count < CHUNK) {
      Chunk last = result.removeLast();
      next = Math.min(messages.size(), CHUNK - last.count);
      result.add(last.plus(messages.subList(0, next)));
    }
    while (next < messages.size()) {
      int end = Math.min(messages.size(), next + CHUNK);
      result.add(Chunk.of(messages.subList(next, end)));
      next = end;
    }
    return new MessageList(result.toArray(Chunk[]::new));
  }

  /** With other flags and modSeqs for messages that are here; ascending UID order. */
  MessageList updated(List<Message> messages) {
    if (messages.isEmpty()) {
      return this;
    }
    Chunk[] result = chunks.clone();
    int last = -1;
    for (Message message : messages) {
      int index = indexOf(message.uid());
      int c = chunk(index);
      if (c != last) {
        result[c] = chunks[c].copy();
        last = c;
      }
      result[c].set(index - starts[c], message);
    }
    return new MessageList(result);
  }

  /** Without these. */
  MessageList without(UidSet uids) {
    List<Chunk> result = new ArrayList<>(chunks.length);
    for (Chunk chunk : chunks) {
      Chunk rest = chunk.without(uids);
      if (rest.count > 0) {
        result.add(rest);
      }
    }
    return new MessageList(result.toArray(Chunk[]::new));
  }

  /**
   * If the chunk that begins at {@code index} here is the very chunk that begins at {@code
   * otherIndex} there, how many messages it has; else 0.
   */
  int sharedChunk(int index, MessageList other, int otherIndex) {
    if (index >= count() || otherIndex >= other.count()) {
      return 0;
    }
    int c = chunk(index);
    int d = other.chunk(otherIndex);
    return starts[c] == index && other.starts[d] == otherIndex && chunks[c] == other.chunks[d]
        ? chunks[c].count
        : 0;
  }

  private int chunk(int index) {
    if (index < 0 || index >= count()) {
      throw new IndexOutOfBoundsException(index);
    }
    if (chunks.length == 1) {
      return 0;
    }
    int at = Arrays.binarySearch(starts, index);
    return at >= 0 ? at : -at - 2;
  }

  /** Up to {@link #CHUNK} messages in arrays. Immutable once it stands in a list. */
  static final class Chunk {
    final int count;
    final int[] uids;
    final long[] flags;
    final long[] modSeqs;
    final long[] emails;
    final long[] sizes;
    final long[] internalDates;
    final long[] saveDates;

    private Chunk(int count) {
      this.count = count;
      uids = new int[count];
      flags = new long[count];
      modSeqs = new long[count];
      emails = new long[count];
      sizes = new long[count];
      internalDates = new long[count];
      saveDates = new long[count];
    }

    private static Chunk of(List<Message> messages) {
      Chunk chunk = new Chunk(messages.size());
      for (int i = 0; i < chunk.count; i++) {
        chunk.set(i, messages.get(i));
      }
      return chunk;
    }

    private Chunk plus(List<Message> messages) {
      Chunk chunk = new Chunk(count + messages.size());
      chunk.copyFrom(this, count);
      for (int i = 0; i < messages.size(); i++) {
        chunk.set(count + i, messages.get(i));
      }
      return chunk;
    }

    private Chunk copy() {
      Chunk chunk = new Chunk(count);
      chunk.copyFrom(this, count);
      return chunk;
    }

    private Chunk without(UidSet removed) {
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (!removed.contains(uids[i])) {
          kept++;
        }
      }
      if (kept == count) {
        return this;
      }
      Chunk chunk = new Chunk(kept);
      int to = 0;
      for (int i = 0; i < count; i++) {
        if (!removed.contains(uids[i])) {
          chunk.set(to++, message(i));
        }
      }
      return chunk;
    }

    private void copyFrom(Chunk other, int length) {
      System.arraycopy(other.uids, 0, uids, 0, length);
      System.arraycopy(other.flags, 0, flags, 0, length);
      System.arraycopy(other.modSeqs, 0, modSeqs, 0, length);
      System.arraycopy(other.emails, 0, emails, 0, length);
      System.arraycopy(other.sizes, 0, sizes, 0, length);
      System.arraycopy(other.internalDates, 0, internalDates, 0, length);
      System.arraycopy(other.saveDates, 0, saveDates, 0, length);
    }

    private void set(int i, Message message) {
      uids[i] = message.uid();
      flags[i] = message.flags();
      modSeqs[i] = message.modSeq();
      emails[i] = message.email().value();
      sizes[i] = message.size();
      internalDates[i] = message.internalDate();
      saveDates[i] = message.saveDate();
    }

    Message message(int i) {
      return new Message(
          uids[i],
          flags[i],
          modSeqs[i],
          new EmailId(emails[i]),
          sizes[i],
          internalDates[i],
          saveDates[i]);
    }

    int lastUid() {
      return uids[count - 1];
    }
  }
}
