package org.everpost.core.mailbox;

/** A draft read rows that are newer than the view it is based on: refresh, and draft again. */
final class StaleViewException extends RuntimeException {

  StaleViewException() {
    super("the partition is newer than the view", null, false, false);
  }
}
