package org.everpost.wire.imap;

import org.jspecify.annotations.Nullable;

/** The parameters of SELECT and EXAMINE (RFC 7162 §3.1.8 and §3.2.5). */
public record SelectParameters(boolean condstore, @Nullable Qresync qresync) {

  public static final SelectParameters NONE = new SelectParameters(false, null);

  /**
   * What the client knows of the mailbox.
   *
   * @param knownUids null if not given; without {@code *}
   * @param match null if not given
   */
  public record Qresync(
      long uidValidity,
      long modSeq,
      @Nullable SequenceSet knownUids,
      @Nullable SequenceMatch match) {}

  /** Message numbers and the UIDs they had, pairwise: both ascending and of the same size. */
  public record SequenceMatch(SequenceSet numbers, SequenceSet uids) {}
}
