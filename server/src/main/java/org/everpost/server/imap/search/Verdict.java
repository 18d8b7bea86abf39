package org.everpost.server.imap.search;

/** Whether a message matches, as far as it is known. */
enum Verdict {
  NO,
  YES,
  /** More of the message must be read. */
  UNKNOWN;

  static Verdict of(boolean yes) {
    return yes ? YES : NO;
  }

  Verdict not() {
    return switch (this) {
      case NO -> YES;
      case YES -> NO;
      case UNKNOWN -> UNKNOWN;
    };
  }
}
