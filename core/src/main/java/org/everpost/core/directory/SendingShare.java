package org.everpost.core.directory;

/** How much of what others may send elsewhere an account may. */
public sealed interface SendingShare {

  /** As much as others of its age. */
  record Usual() implements SendingShare {}

  /** A part of what an old account may, or a multiple. */
  record Percent(int percent) implements SendingShare {

    /** A thousand times as much as others. */
    public static final int MOST = 100_000;

    public Percent {
      if (percent < 1 || percent > MOST) {
        throw new IllegalArgumentException("from 1 to " + MOST + " percent");
      }
    }
  }

  /** Any number. */
  record Unlimited() implements SendingShare {}
}
