package org.everpost.server.imap;

import java.util.Optional;

/** What a client can switch on (RFC 5161); it stays on until the session ends. */
enum Feature {
  /** RFC 9051. */
  IMAP4REV2("IMAP4rev2"),
  /** RFC 7162 §3.1. */
  CONDSTORE("CONDSTORE"),
  /** RFC 7162 §3.2. */
  QRESYNC("QRESYNC"),
  /** RFC 6855. */
  UTF8_ACCEPT("UTF8=ACCEPT");

  private final String wireName;

  Feature(String wireName) {
    this.wireName = wireName;
  }

  String wireName() {
    return wireName;
  }

  /** The feature of that name, in any case. */
  static Optional<Feature> named(String name) {
    for (Feature feature : values()) {
      if (feature.wireName.equalsIgnoreCase(name)) {
        return Optional.of(feature);
      }
    }
    return Optional.empty();
  }
}
