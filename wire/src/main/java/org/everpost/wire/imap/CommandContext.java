package org.everpost.wire.imap;

/**
 * What the session's state means for reading a command.
 *
 * @param authenticated before login far less is read
 * @param utf8 {@code IMAP4rev2} or {@code UTF8=ACCEPT} is enabled: mailbox names are UTF-8, no
 *     longer modified UTF-7
 */
public record CommandContext(boolean authenticated, boolean utf8) {

  /** The longest line, in octets without CRLF; a list of UIDs can be long. */
  public static final int MAX_LINE = 64 * 1024;

  /** The longest line before login: room for an initial response. */
  public static final int MAX_LINE_BEFORE_LOGIN = 16 * 1024;

  /** All literals of a command together, messages not counted. */
  public static final int MAX_LITERALS = 128 * 1024;

  /** The same before login. */
  public static final int MAX_LITERALS_BEFORE_LOGIN = 8 * 1024;

  /** All lines of a command together. */
  public static final int MAX_COMMAND = 256 * 1024;

  /** Messages of one APPEND (RFC 3502). */
  public static final int MAX_MESSAGES = 1_000;

  /** How deep parentheses, NOT and OR of a SEARCH may nest. */
  public static final int MAX_SEARCH_DEPTH = 50;

  /** Conditions of a SEARCH. */
  public static final int MAX_SEARCH_KEYS = 1_000;

  /** Items of a FETCH, and field names of one of its sections. */
  public static final int MAX_FETCH_ITEMS = 500;

  /** Numbers in the part of a section. */
  public static final int MAX_PART_DEPTH = 100;

  /** Patterns of a LIST. */
  public static final int MAX_LIST_PATTERNS = 100;

  /** Pairs of an ID; RFC 2971 §3.3 allows 30. */
  public static final int MAX_ID_FIELDS = 50;

  /** The longest line the server reads now. */
  public int maxLine() {
    return authenticated ? MAX_LINE : MAX_LINE_BEFORE_LOGIN;
  }

  /** How many octets of literals a command may have now. */
  public int maxLiterals() {
    return authenticated ? MAX_LITERALS : MAX_LITERALS_BEFORE_LOGIN;
  }
}
