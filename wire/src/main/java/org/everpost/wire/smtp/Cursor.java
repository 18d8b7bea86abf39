package org.everpost.wire.smtp;

/** A place in a command line. */
final class Cursor {

  /** What {@link #peek} says at the end: no character of a line. */
  static final char END = '\0';

  private final SmtpVerb verb;
  private final String text;
  private int position;

  Cursor(SmtpVerb verb, String text, int position) {
    this.verb = verb;
    this.text = text;
    this.position = position;
  }

  char peek() {
    return position < text.length() ? text.charAt(position) : END;
  }

  char next() {
    char c = peek();
    position++;
    return c;
  }

  boolean atEnd() {
    return position >= text.length();
  }

  int position() {
    return position;
  }

  /** From {@code start} up to here. */
  String since(int start) {
    return text.substring(start, position);
  }

  /** Goes past {@code c} if it is next. */
  boolean skip(char c) {
    if (peek() != c) {
      return false;
    }
    position++;
    return true;
  }

  /** Goes past a word if it is next, in any case. */
  boolean skipIgnoringCase(String word) {
    if (!text.regionMatches(true, position, word, 0, word.length())) {
      return false;
    }
    position += word.length();
    return true;
  }

  void skipSpaces() {
    while (peek() == ' ') {
      position++;
    }
  }

  /** Everything up to the next space or the end. */
  String word() {
    int space = text.indexOf(' ', position);
    int start = position;
    position = space < 0 ? text.length() : space;
    return text.substring(start, position);
  }

  /** Everything that is left. */
  String rest() {
    String rest = text.substring(Math.min(position, text.length()));
    position = text.length();
    return rest;
  }

  SmtpSyntaxException error(int code, String enhanced, String message) {
    return new SmtpSyntaxException(verb, Reply.of(code, enhanced, message));
  }
}
