package org.everpost.wire.dsn;

import org.everpost.wire.address.LocalPart;
import org.everpost.wire.smtp.Path;
import org.jspecify.annotations.Nullable;

/**
 * An address, the name of a host or a diagnostic text with its type (RFC 3464 §2.1.2), on one line.
 *
 * @param type an atom such as {@code rfc822}, {@code utf-8}, {@code dns}, {@code smtp}
 * @param value without characters that do not show themselves; longer ones are cut
 */
public record TypedValue(String type, String value) {

  /** More than any address or name; enough of a reply. */
  static final int MAX_LENGTH = 2000;

  private static final int MAX_TYPE = 40;

  public TypedValue {
    boolean atom = type.chars().allMatch(c -> c < 127 && LocalPart.isAtomText(c));
    if (type.isEmpty() || type.length() > MAX_TYPE || !atom) {
      throw new IllegalArgumentException("a type is an atom");
    }
    value = SafeText.line(value, MAX_LENGTH);
  }

  /** The address of a recipient (RFC 3464 §2.3.2, RFC 6533 §3). */
  public static TypedValue of(Path path) {
    String text = path.toString();
    return new TypedValue(
        path.isInternationalised() ? "utf-8" : "rfc822", text.substring(1, text.length() - 1));
  }

  /** The name of a host (RFC 3464 §2.2.2). */
  public static TypedValue host(String name) {
    return new TypedValue("dns", name);
  }

  /** What a peer replied (RFC 3464 §2.3.6, RFC 3461 §9.2). */
  public static TypedValue reply(String text) {
    return new TypedValue("smtp", text);
  }

  /** Of {@code type;value}, as in fields and in ORCPT (RFC 3461 §4.2); null if it is not that. */
  public static @Nullable TypedValue parse(String text) {
    int semicolon = text.indexOf(';');
    if (semicolon < 0) {
      return null;
    }
    String type = text.substring(0, semicolon).strip();
    String value = text.substring(semicolon + 1).strip();
    try {
      return value.isEmpty() ? null : new TypedValue(type, value);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  boolean isAscii() {
    return value.chars().allMatch(c -> c < 128);
  }

  @Override
  public String toString() {
    return type + "; " + value;
  }
}
