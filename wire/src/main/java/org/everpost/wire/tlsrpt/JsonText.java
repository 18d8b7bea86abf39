package org.everpost.wire.tlsrpt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes JSON (RFC 8259): as much of it as a report needs, without a library. */
final class JsonText {

  private final StringBuilder out = new StringBuilder(1024);

  JsonText open(char bracket) {
    separate();
    out.append(bracket);
    return this;
  }

  JsonText close(char bracket) {
    out.append(bracket);
    return this;
  }

  JsonText name(String name) {
    separate();
    string(name);
    out.append(':');
    return this;
  }

  /** Writes nothing if there is no value. */
  JsonText member(String name, @Nullable String value) {
    if (value != null) {
      name(name);
      string(value);
    }
    return this;
  }

  JsonText member(String name, long value) {
    name(name);
    out.append(value);
    return this;
  }

  JsonText array(List<String> values) {
    open('[');
    for (String value : values) {
      separate();
      string(value);
    }
    return close(']');
  }

  private void separate() {
    char last = out.isEmpty() ? '{' : out.charAt(out.length() - 1);
    if (last != '{' && last != '[' && last != ':') {
      out.append(',');
    }
  }

  /** RFC 8259 §7; all that is not printable ASCII is escaped. */
  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
