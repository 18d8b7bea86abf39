package org.everpost.wire.dkim;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A list of {@code tag=value} (RFC 6376 §3.2). */
final class TagList {

  private static final int MAX_LENGTH = 16 * 1024;
  private static final int MAX_TAGS = 50;

  private final Map<String, String> tags = new LinkedHashMap<>();

  private TagList() {}

  static TagList parse(String text) throws DkimSyntaxException {
    if (text.length() > MAX_LENGTH) {
      throw new DkimSyntaxException("a tag list is too long");
    }
    TagList list = new TagList();
    String[] specs = text.split(";", -1);
    for (int i = 0; i < specs.length; i++) {
      if (!isBlank(specs[i])) {
        list.add(specs[i]);
      } else if (i + 1 < specs.length || i == 0) {
        throw new DkimSyntaxException("a tag list has an empty tag");
      }
    }
    return list;
  }

  private void add(String spec) throws DkimSyntaxException {
    int equals = spec.indexOf('=');
    String name = equals < 0 ? "" : trim(spec.substring(0, equals));
    if (!isName(name)) {
      throw new DkimSyntaxException("a tag has no name");
    }
    String value = trim(spec.substring(equals + 1));
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && !isSpace(c)) || c == 127) {
        throw new DkimSyntaxException("a tag has a control character");
      }
    }
    if (tags.size() == MAX_TAGS || tags.putIfAbsent(name, value) != null) {
      throw new DkimSyntaxException("a tag is given twice, or there are too many");
    }
  }

  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !(i > 0 && ((c >= '0' && c <= '9') || c == '_'))) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /** The name of the first tag. */
  @Nullable String first() {
    return tags.isEmpty() ? null : tags.keySet().iterator().next();
  }

  /** The value without white space around it; null if it is not there. */
  @Nullable String value(String name) {
    return tags.get(name);
  }

  String required(String name) throws DkimSyntaxException {
    String value = tags.get(name);
    if (value == null || value.isEmpty()) {
      throw new DkimSyntaxException("the tag " + name + "= is missing");
    }
    return value;
  }

  /** The parts of a value that colons divide, lower case; {@code absent} if it is not there. */
  List<String> words(String name, String absent) {
    String value = tags.getOrDefault(name, absent);
    List<String> words = new ArrayList<>();
    for (String word : value.split(":", -1)) {
      words.add(trim(word).toLowerCase(Locale.ROOT));
    }
    return words;
  }

  /** A number of seconds or octets; -1 if it is not there. */
  long number(String name) throws DkimSyntaxException {
    String value = tags.get(name);
    if (value == null) {
      return -1;
    }
    // §3.5 allows 76 digits for l=; nothing is that long.
    if (!value.matches("[0-9]{1,18}")) {
      throw new DkimSyntaxException("the tag " + name + "= is no number");
    }
    return Long.parseLong(value);
  }

  /** The octets of base64 with white space anywhere in it. */
  byte[] base64(String name) throws DkimSyntaxException {
    StringBuilder digits = new StringBuilder();
    for (char c : tags.getOrDefault(name, "").toCharArray()) {
      if (!isSpace(c)) {
        digits.append(c);
      }
    }
    try {
      return Base64.getDecoder().decode(digits.toString());
    } catch (IllegalArgumentException e) {
      throw new DkimSyntaxException("the tag " + name + "= is not base64");
    }
  }

  private static boolean isBlank(String text) {
    return trim(text).isEmpty();
  }

  static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
