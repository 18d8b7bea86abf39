package org.everpost.wire.spf;

import org.jspecify.annotations.Nullable;

/** What a macro stands for (RFC 7208 §7.2). */
public enum MacroLetter {
  SENDER('s'),
  LOCAL_PART('l'),
  SENDER_DOMAIN('o'),
  /** The domain whose record it is. */
  DOMAIN('d'),
  IP('i'),
  /** The name of the client, looked up and back. */
  VALIDATED_DOMAIN('p'),
  IP_VERSION('v'),
  HELO('h'),
  /** The address of the client for people; in explanations only, as the next two. */
  CLIENT('c'),
  RECEIVER('r'),
  TIME('t');

  private final char letter;

  MacroLetter(char letter) {
    this.letter = letter;
  }

  /** As it is written, lower case. */
  char letter() {
    return letter;
  }

  /** §7.2: "allowed only in exp text". */
  boolean inExplanationsOnly() {
    return this == CLIENT || this == RECEIVER || this == TIME;
  }

  /**
   * @param letter lower case
   */
  static @Nullable MacroLetter of(char letter) {
    for (MacroLetter its : values()) {
      if (its.letter == letter) {
        return its;
      }
    }
    return null;
  }
}
