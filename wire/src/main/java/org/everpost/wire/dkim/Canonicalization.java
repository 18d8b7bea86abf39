package org.everpost.wire.dkim;

import org.jspecify.annotations.Nullable;

/** How much a header or a body may change on its way (RFC 6376 §3.4). */
public enum Canonicalization {
  SIMPLE("simple"),
  RELAXED("relaxed");

  private final String tag;

  Canonicalization(String tag) {
    this.tag = tag;
  }

  /** As in {@code c=}. */
  public String tag() {
    return tag;
  }

  static @Nullable Canonicalization of(String tag) {
    for (Canonicalization c : values()) {
      if (c.tag.equals(tag)) {
        return c;
      }
    }
    return null;
  }
}
