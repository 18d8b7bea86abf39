package org.everpost.core.mailbox;

import java.util.Arrays;

/**
 * What happened between two views of the same mailbox, in the words of untagged responses.
 *
 * @param expunged ascending indexes in the old view of messages that went
 * @param changed ascending indexes in the new view of messages both have whose MODSEQ differs
 * @param added how many messages at the end of the new view the old one has not
 */
@SuppressWarnings("ArrayRecordComponent") // read once by the session that asked, never compared
public record ViewChanges(int[] expunged, int[] changed, int added) {

  /** Both views are loaded; the chunks they share are skipped. */
  public static ViewChanges between(MailboxView before, MailboxView after) {
    MessageList old = before.loaded();
    MessageList now = after.loaded();
    if (old == now) {
      return new ViewChanges(new int[0], new int[0], 0);
    }
    IndexList expunged = new IndexList();
    IndexList changed = new IndexList();
    int i = 0;
    int j = 0;
    while (i < old.count()) {
      int shared = old.sharedChunk(i, now, j);
      if (shared > 0) {
        i += shared;
        j += shared;
      } else if (j >= now.count() || old.uid(i) < now.uid(j)) {
        expunged.add(i++);
      } else {
        if (old.modSeq(i) != now.modSeq(j)) {
          changed.add(j);
        }
        i++;
        j++;
      }
    }
    return new ViewChanges(expunged.toArray(), changed.toArray(), now.count() - j);
  }

  public boolean isEmpty() {
    return expunged.length == 0 && changed.length == 0 && added == 0;
  }

  /** Growing ints. */
  private static final class IndexList {
    private int[] indexes = new int[8];
    private int length;

    void add(int index) {
      if (length == indexes.length) {
        indexes = Arrays.copyOf(indexes, 2 * length);
      }
      indexes[length++] = index;
    }

    int[] toArray() {
      return Arrays.copyOf(indexes, length);
    }
  }
}
