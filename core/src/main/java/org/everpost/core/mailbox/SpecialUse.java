package org.everpost.core.mailbox;

import java.util.Optional;

/** What a mailbox is for (RFC 6154 §2, RFC 8457 §3). The code is stored. */
public enum SpecialUse {
  ALL(1, "\\All"),
  ARCHIVE(2, "\\Archive"),
  DRAFTS(3, "\\Drafts"),
  FLAGGED(4, "\\Flagged"),
  JUNK(5, "\\Junk"),
  SENT(6, "\\Sent"),
  TRASH(7, "\\Trash"),
  IMPORTANT(8, "\\Important");

  private final int code;
  private final String attribute;

  SpecialUse(int code, String attribute) {
    this.code = code;
    this.attribute = attribute;
  }

  int code() {
    return code;
  }

  /** As IMAP writes it, such as {@code \Sent}. */
  public String attribute() {
    return attribute;
  }

  static Optional<SpecialUse> of(int code) {
    for (SpecialUse use : values()) {
      if (use.code == code) {
        return Optional.of(use);
      }
    }
    return Optional.empty();
  }

  /** The use of an attribute, in any case. */
  public static Optional<SpecialUse> of(String attribute) {
    for (SpecialUse use : values()) {
      if (use.attribute.equalsIgnoreCase(attribute)) {
        return Optional.of(use);
      }
    }
    return Optional.empty();
  }
}
