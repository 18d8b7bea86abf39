package org.everpost.wire.dsn;

import java.util.Locale;

/** What a notification is written in. */
public enum Language {
  ENGLISH("en"),
  GERMAN("de");

  private final String tag;

  Language(String tag) {
    this.tag = tag;
  }

  /** The language tag, for Content-Language (RFC 3282). */
  public String tag() {
    return tag;
  }

  /** The language of a tag such as {@code de-AT}; English if it is none of ours. */
  public static Language of(String tag) {
    String primary = tag.toLowerCase(Locale.ROOT);
    return primary.equals("de") || primary.startsWith("de-") ? GERMAN : ENGLISH;
  }

  String choose(String english, String german) {
    return this == GERMAN ? german : english;
  }
}
