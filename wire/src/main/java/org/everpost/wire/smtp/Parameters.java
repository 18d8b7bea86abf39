package org.everpost.wire.smtp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parameters after a path, one after the other (RFC 5321 §4.1.2, Mail-parameters). */
final class Parameters {

  /** More than we know of any command; each may stand there once. */
  private static final int MAX_PARAMETERS = 16;

  private final Cursor cursor;
  private final String[] seen = new String[MAX_PARAMETERS];
  private int count;
  private String keyword = "";
  private @Nullable String value;

  Parameters(Cursor cursor) {
    this.cursor = cursor;
  }

  /** Goes to the next one; false at the end. */
  boolean next() throws SmtpSyntaxException {
    if (cursor.atEnd()) {
      return false;
    }
    if (!cursor.skip(' ')) {
      throw cursor.error(501, "5.5.4", "A space must follow the address");
    }
    cursor.skipSpaces();
    String word = cursor.word();
    int equals = word.indexOf('=');
    keyword = (equals < 0 ? word : word.substring(0, equals)).toUpperCase(Locale.ROOT);
    value = equals < 0 ? null : word.substring(equals + 1);
    for (int i = 0; i < count; i++) {
      if (seen[i].equals(keyword)) {
        throw cursor.error(501, "5.5.4", "A parameter is given twice");
      }
    }
    if (count == MAX_PARAMETERS) {
      throw cursor.error(501, "5.5.4", "Too many parameters");
    }
    seen[count++] = keyword;
    return true;
  }

  /** In upper case. */
  String keyword() {
    return keyword;
  }

  /** The value, which must not be empty. */
  String value() throws SmtpSyntaxException {
    if (value == null || value.isEmpty()) {
      throw cursor.error(501, "5.5.4", "A parameter lacks its value");
    }
    return value;
  }

  void noValue() throws SmtpSyntaxException {
    if (value != null) {
      throw invalid();
    }
  }

  /** The value is not one of those that are allowed. */
  SmtpSyntaxException invalid() {
    return cursor.error(501, "5.5.4", "A parameter has a wrong value");
  }

  /** RFC 5321 §4.1.1.11. */
  SmtpSyntaxException unknown() {
    return cursor.error(555, "5.5.4", "A parameter is not recognized or not implemented");
  }
}
