package org.everpost.core.mailbox;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;

/** What may be the name of a mailbox (RFC 9051 §5.1): Unicode, levels separated by {@code /}. */
public final class MailboxNames {

  public static final String INBOX = "INBOX";

  /** Between the levels of a name. */
  public static final char SEPARATOR = '/';

  /** The longest name, in octets of UTF-8. */
  public static final int MAX_OCTETS = 1_000;

  /** The deepest name, in levels. */
  public static final int MAX_LEVELS = 30;

  private MailboxNames() {}

  /** NFC (RFC 5198), with {@code INBOX} in capitals as first level (RFC 9051 §5.1). */
  public static String canonical(String name) {
    String normal =
        Normalizer.isNormalized(name, Normalizer.Form.NFC)
            ? name
            : Normalizer.normalize(name, Normalizer.Form.NFC);
    int end = normal.indexOf(SEPARATOR);
    String first = end < 0 ? normal : normal.substring(0, end);
    // Of ASCII only: a dotless i is another letter, though its capital is the same.
    return first.equalsIgnoreCase(INBOX) && first.chars().allMatch(c -> c < 0x80)
        ? INBOX + normal.substring(first.length())
        : normal;
  }

  /** Why a canonical name cannot be one, in words for the user; empty if it can. */
  public static Optional<String> objection(String name) {
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS) {
      return Optional.of("the name is longer than " + MAX_OCTETS + " octets");
    }
    String[] levels = name.split("/", -1);
    if (levels.length > MAX_LEVELS) {
      return Optional.of("the name has more than " + MAX_LEVELS + " levels");
    }
    for (String level : levels) {
      if (level.isEmpty()) {
        return Optional.of("a level of the name is empty");
      }
    }
    if (name.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029)) {
      return Optional.of("the name has a control character");
    }
    if (name.chars().anyMatch(c -> c == '*' || c == '%')) {
      return Optional.of("the name has a wildcard, * or %");
    }
    return Optional.empty();
  }
}
