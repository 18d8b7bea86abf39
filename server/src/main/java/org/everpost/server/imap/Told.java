package org.everpost.server.imap;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command has told its client already, so that {@link ViewSync} need not: flags of messages
 * as of which MODSEQ, and keywords. Forgotten after each command.
 */
final class Told {
  private static final int[] NO_UIDS = {};
  private static final long[] NO_MOD_SEQS = {};

  private int[] uids = NO_UIDS;
  private long[] modSeqs = NO_MOD_SEQS;
  private int count;
  private @Nullable List<String> keywords;

  /** Adds a message; UIDs ascend within a command. */
  void add(int uid, long modSeq) {
    if (count > 0 && uids[count - 1] >= uid) {
      throw new IllegalStateException("not ascending");
    }
    if (count == uids.length) {
      int room = Math.max(16, 2 * count);
      uids = Arrays.copyOf(uids, room);
      modSeqs = Arrays.copyOf(modSeqs, room);
    }
    uids[count] = uid;
    modSeqs[count++] = modSeq;
  }

  boolean has(int uid, long modSeq) {
    int at = Arrays.binarySearch(uids, 0, count, uid);
    return at >= 0 && modSeqs[at] == modSeq;
  }

  /** The keywords of the mailbox that were told; null if they were not. */
  @Nullable List<String> keywords() {
    return keywords;
  }

  void keywords(List<String> told) {
    keywords = told;
  }

  void clear() {
    keywords = null;
    uids = NO_UIDS;
    modSeqs = NO_MOD_SEQS;
    count = 0;
  }
}
