package org.everpost.wire.imap;

import org.jspecify.annotations.Nullable;

/** What STATUS can ask for (RFC 9051 §6.3.11, RFC 3501, 7162, 7889, 8438, 8474, 9208). */
public enum StatusItem {
  MESSAGES("MESSAGES"),
  RECENT("RECENT"),
  UIDNEXT("UIDNEXT"),
  UIDVALIDITY("UIDVALIDITY"),
  UNSEEN("UNSEEN"),
  DELETED("DELETED"),
  SIZE("SIZE"),
  HIGHESTMODSEQ("HIGHESTMODSEQ"),
  APPENDLIMIT("APPENDLIMIT"),
  MAILBOXID("MAILBOXID"),
  DELETED_STORAGE("DELETED-STORAGE");

  private final String wireName;

  StatusItem(String wireName) {
    this.wireName = wireName;
  }

  /** Its name on the wire. */
  public String wireName() {
    return wireName;
  }

  /** The item of that name, given in capitals; null if there is none. */
  static @Nullable StatusItem named(String name) {
    for (StatusItem item : values()) {
      if (item.wireName.equals(name)) {
        return item;
      }
    }
    return null;
  }
}
