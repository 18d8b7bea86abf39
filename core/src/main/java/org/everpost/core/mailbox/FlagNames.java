package org.everpost.core.mailbox;

import java.util.Set;

/**
 * Flags by name, as a client gives them, not yet tied to a mailbox.
 *
 * @param system bits of {@link Flags#SYSTEM}
 * @param keywords each 1 to {@link Flags#MAX_KEYWORD_LENGTH} characters
 */
public record FlagNames(long system, Set<String> keywords) {

  public static final FlagNames NONE = new FlagNames(0, Set.of());

  public FlagNames {
    if ((system & ~Flags.SYSTEM) != 0) {
      throw new IllegalArgumentException("not system flags: " + system);
    }
    keywords = Set.copyOf(keywords);
  }
}
