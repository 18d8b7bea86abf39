package org.everpost.core.mailbox;

import java.util.List;
import java.util.Locale;

/**
 * The flags of a message as bits of a long: the system flags of RFC 9051 §2.3.2, and from {@link
 * #FIRST_KEYWORD} on the keywords of its mailbox in the order of {@link MailboxView#keywords}.
 */
public final class Flags {

  public static final long SEEN = 1;
  public static final long ANSWERED = 1 << 1;
  public static final long FLAGGED = 1 << 2;
  public static final long DELETED = 1 << 3;
  public static final long DRAFT = 1 << 4;

  /** Every system flag. */
  public static final long SYSTEM = SEEN | ANSWERED | FLAGGED | DELETED | DRAFT;

  /** The bit number of a mailbox's first keyword. */
  public static final int FIRST_KEYWORD = 5;

  /** The most keywords one mailbox has. */
  public static final int MAX_KEYWORDS = 58;

  /** The longest keyword, in characters. */
  public static final int MAX_KEYWORD_LENGTH = 100;

  private Flags() {}

  /** The bit of a keyword, in any case, or 0 if the list has it not. */
  public static long keyword(List<String> keywords, String keyword) {
    for (int i = 0; i < keywords.size(); i++) {
      if (keywords.get(i).equalsIgnoreCase(keyword)) {
        return 1L << (FIRST_KEYWORD + i);
      }
    }
    return 0;
  }

  /** The bit of a system flag such as {@code \Seen}, in any case, or 0 if it is none. */
  public static long system(String flag) {
    return switch (flag.toLowerCase(Locale.ROOT)) {
      case "\\seen" -> SEEN;
      case "\\answered" -> ANSWERED;
      case "\\flagged" -> FLAGGED;
      case "\\deleted" -> DELETED;
      case "\\draft" -> DRAFT;
      default -> 0;
    };
  }
}
