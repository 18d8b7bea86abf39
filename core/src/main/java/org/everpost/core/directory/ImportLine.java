package org.everpost.core.directory;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.everpost.core.config.ByteSize;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * One line of an import: {@code address,hash[,quota]}, fields in double quotes if they need it (RFC
 * 4180 §2). A hash may contain commas without quotes, as those of Argon2 do: what follows the last
 * comma is a quota only if it looks like one ({@code 500MB}, {@code 2GiB}, {@code 0}).
 *
 * @param quota null if the line has none
 */
record ImportLine(
    long number, EmailAddress address, String folded, String hash, @Nullable Quota quota) {

  /** The longest line, in characters; the rest of a longer one is skipped. */
  private static final int MAX_CHARACTERS = 4_096;

  /** What a decoder puts in the place of octets that are none of its charset. */
  private static final char REPLACEMENT = '\ufffd';

  /** The next line without its end, cut to one character more than allowed; null at the end. */
  static @Nullable String read(BufferedReader reader) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() <= MAX_CHARACTERS) {
        line.append((char) c);
      }
    }
    int length = line.length();
    if (length > 0 && line.charAt(length - 1) == '\r') {
      line.setLength(length - 1);
    }
    return line.toString();
  }

  /** An empty line, or one that begins with #. */
  static boolean isComment(String text) {
    return text.isBlank() || text.startsWith("#");
  }

  /**
   * @throws IllegalArgumentException with a message for the operator, which never contains the hash
   */
  static ImportLine parse(long number, String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException("the line is longer than 4096 characters");
    }
    if (text.indexOf(REPLACEMENT) >= 0) {
      throw new IllegalArgumentException("the line is not UTF-8");
    }
    List<String> fields =
        fields(number == 1 && text.startsWith("\ufeff") ? text.substring(1) : text);
    if (fields.size() < 2) {
      throw new IllegalArgumentException("a line is address,hash or address,hash,quota");
    }
    int end = fields.size();
    Quota quota = null;
    if (end > 2) {
      String last = fields.get(end - 1).strip();
      quota = quota(last);
      if (quota != null || last.isEmpty()) {
        end--;
      } else if (!fields.get(1).contains("$argon2")) {
        throw new IllegalArgumentException("the third field is no size (like 500MB)");
      }
    }
    EmailAddress address = address(fields.get(0).strip());
    String hash = String.join(",", fields.subList(1, end)).strip();
    if (hash.isEmpty()) {
      throw new IllegalArgumentException("there is no hash");
    }
    return new ImportLine(number, address, LocalPartRules.fold(address.localPart()), hash, quota);
  }

  /** Whether it would do to the account what this one does. */
  boolean saysTheSame(ImportLine other) {
    return hash.equals(other.hash) && Objects.equals(quota, other.quota);
  }

  private static EmailAddress address(String text) {
    try {
      return EmailAddress.of(text);
    } catch (IllegalArgumentException e) {
      // The hash may be in there, which can look like anything, so the text is not repeated.
      throw new IllegalArgumentException(
          "the first field is no address (is a comma missing, or are quotation marks?)");
    }
  }

  private static List<String> fields(String text) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"' && (quoted || field.isEmpty())) {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a quotation mark is not closed");
    }
    fields.add(field.toString());
    return fields;
  }

  /** A size with a unit, or a bare number of octets; null if it is neither. */
  private static @Nullable Quota quota(String text) {
    try {
      boolean bare = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
      return new Quota(bare ? Long.parseLong(text) : ByteSize.of(text).octets(), 0);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
