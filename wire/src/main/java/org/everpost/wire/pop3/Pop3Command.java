package org.everpost.wire.pop3;

import org.jspecify.annotations.Nullable;

/** A POP3 command. Message numbers are as sent: 1 or more, perhaps beyond the last message. */
public sealed interface Pop3Command {

  /** RFC 2449 §5. */
  record Capa() implements Pop3Command {}

  /** RFC 1939 §7. */
  record User(String name) implements Pop3Command {}

  /** RFC 1939 §7; everything behind the first space is the password. */
  record Pass(String password) implements Pop3Command {
    @Override
    public String toString() {
      return "Pass[***]";
    }
  }

  /**
   * RFC 5034 §4.
   *
   * @param mechanism upper case; null: list them
   * @param initialResponse base64, or {@code =} for an empty one
   */
  record Auth(@Nullable String mechanism, @Nullable String initialResponse) implements Pop3Command {
    @Override
    public String toString() {
      return "Auth[" + mechanism + "]";
    }
  }

  /** RFC 2595 §4. */
  record Stls() implements Pop3Command {}

  /** RFC 6856 §2. */
  record Utf8() implements Pop3Command {}

  /** RFC 1939 §5. */
  record Stat() implements Pop3Command {}

  /**
   * RFC 1939 §5.
   *
   * @param message null: all
   */
  record ListSizes(@Nullable Integer message) implements Pop3Command {}

  /**
   * RFC 1939 §7.
   *
   * @param message null: all
   */
  record Uidl(@Nullable Integer message) implements Pop3Command {}

  /** RFC 1939 §5. */
  record Retr(int message) implements Pop3Command {}

  /**
   * RFC 1939 §7.
   *
   * @param lines of the body, 0 or more
   */
  record Top(int message, int lines) implements Pop3Command {}

  /** RFC 1939 §5. */
  record Dele(int message) implements Pop3Command {}

  /** RFC 1939 §5. */
  record Noop() implements Pop3Command {}

  /** RFC 1939 §5. */
  record Rset() implements Pop3Command {}

  /** RFC 1939 §4 and §6. */
  record Quit() implements Pop3Command {}

  /** A keyword we do not know. */
  record Unknown() implements Pop3Command {}

  /** A known keyword with arguments it does not take. */
  record Malformed(String usage) implements Pop3Command {}
}
