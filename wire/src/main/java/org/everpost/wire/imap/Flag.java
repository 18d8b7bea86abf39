package org.everpost.wire.imap;

import java.util.List;
import java.util.Locale;

/** The spelling of flags and keywords (RFC 9051 §2.3.2); they do not tell case apart. */
public final class Flag {
  public static final String SEEN = "\\Seen";
  public static final String ANSWERED = "\\Answered";
  public static final String FLAGGED = "\\Flagged";
  public static final String DELETED = "\\Deleted";
  public static final String DRAFT = "\\Draft";

  /** RFC 3501 only; no client can set it. */
  public static final String RECENT = "\\Recent";

  public static final String FORWARDED = "$Forwarded";
  public static final String MDN_SENT = "$MDNSent";
  public static final String JUNK = "$Junk";
  public static final String NOT_JUNK = "$NotJunk";
  public static final String PHISHING = "$Phishing";

  /** The system flags a client can set. */
  public static final List<String> SYSTEM = List.of(ANSWERED, FLAGGED, DELETED, SEEN, DRAFT);

  private static final List<String> KNOWN =
      List.of(
          SEEN, ANSWERED, FLAGGED, DELETED, DRAFT, RECENT, FORWARDED, MDN_SENT, JUNK, NOT_JUNK,
          PHISHING);

  private Flag() {}

  /** The standard's spelling of a flag it knows; any other as given. */
  public static String canonical(String flag) {
    for (String known : KNOWN) {
      if (known.equalsIgnoreCase(flag)) {
        return known;
      }
    }
    return flag;
  }

  /** Equal for two spellings of the same flag. */
  public static String key(String flag) {
    return flag.toLowerCase(Locale.ROOT);
  }
}
