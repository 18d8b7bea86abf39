package org.everpost.core.mailbox;

/** What STORE does to flags (RFC 9051 §6.4.6). */
public enum FlagChange {
  REPLACE,
  ADD,
  REMOVE;

  long apply(long flags, long bits) {
    return switch (this) {
      case REPLACE -> bits;
      case ADD -> flags | bits;
      case REMOVE -> flags & ~bits;
    };
  }
}
