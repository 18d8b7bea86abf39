package org.everpost.wire.spf;

import java.util.ArrayList;
import java.util.List;
import org.everpost.wire.spf.MacroString.Part;

/** Reads texts with macros (RFC 7208 §7.1). */
final class MacroParser {

  private static final String DELIMITERS = ".-+,/_=";

  /** A name has no more labels; more are all of them (§7.3). */
  private static final int MOST_LABELS = 128;

  private final String text;
  private final boolean explanation;
  private final List<Part> parts = new ArrayList<>();
  private int next;

  private MacroParser(String text, boolean explanation) {
    this.text = text;
    this.explanation = explanation;
  }

  /** explain-string. */
  static MacroString explanation(String text) throws SpfSyntaxException {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        throw SpfSyntaxException.of("an explanation has other characters than ASCII");
      }
    }
    return new MacroParser(text, true).parse();
  }

  /** macro-string, of a modifier nobody knows. */
  static MacroString unknown(String text) throws SpfSyntaxException {
    return new MacroParser(text, true).parse();
  }

  /** domain-spec. */
  static MacroString domain(String text) throws SpfSyntaxException {
    MacroString parsed = new MacroParser(text, false).parse();
    boolean ends =
        !parsed.parts().isEmpty()
            && (!(parsed.parts().getLast() instanceof Part.Literal(String tail))
                || endsInTopLabel(tail));
    if (!ends) {
      throw SpfSyntaxException.in(text, "is not the name of a domain");
    }
    return parsed;
  }

  private MacroString parse() throws SpfSyntaxException {
    int start = 0;
    while (next < text.length()) {
      if (text.charAt(next) != '%') {
        next++;
        continue;
      }
      literal(start);
      next++;
      char c = peek();
      next++;
      if (c == '{') {
        parts.add(macro());
      } else if (c == '%' || c == '_' || c == '-') {
        parts.add(new Part.Escape(c));
      } else {
        throw SpfSyntaxException.in(text, "has a % that means nothing");
      }
      start = next;
    }
    literal(start);
    return new MacroString(parts);
  }

  private void literal(int start) {
    if (start < next) {
      parts.add(new Part.Literal(text.substring(start, next)));
    }
  }

  /** What follows a percent sign and a brace. */
  private Part macro() throws SpfSyntaxException {
    char written = peek();
    char lower = TermParser.lower(written);
    MacroLetter letter = MacroLetter.of(lower);
    if (letter == null || (letter.inExplanationsOnly() && !explanation)) {
      throw SpfSyntaxException.in(text, "has a macro that does not exist here");
    }
    next++;
    int labels = labels();
    boolean reversed = TermParser.lower(peek()) == 'r';
    if (reversed) {
      next++;
    }
    int start = next;
    while (DELIMITERS.indexOf(peek()) >= 0) {
      next++;
    }
    String delimiters = text.substring(start, next);
    if (peek() != '}') {
      throw SpfSyntaxException.in(text, "has a macro that does not end");
    }
    next++;
    return new Part.Macro(letter, written != lower, labels, reversed, delimiters);
  }

  private int labels() throws SpfSyntaxException {
    int start = next;
    int labels = 0;
    while (peek() >= '0' && peek() <= '9') {
      labels = Math.min(MOST_LABELS, labels * 10 + (peek() - '0'));
      next++;
    }
    if (next > start && labels == 0) {
      throw SpfSyntaxException.in(text, "has a macro that takes no label"); // §7.3
    }
    return labels;
  }

  /** NUL at the end: it is nowhere else. */
  private char peek() {
    return next < text.length() ? text.charAt(next) : 0;
  }

  /** domain-end, where it is no macro: {@code "." toplabel [ "." ]}. */
  private static boolean endsInTopLabel(String tail) {
    String name = tail.endsWith(".") ? tail.substring(0, tail.length() - 1) : tail;
    int dot = name.lastIndexOf('.');
    String label = name.substring(dot + 1);
    if (dot < 0 || label.isEmpty() || label.startsWith("-") || label.endsWith("-")) {
      return false;
    }
    boolean number = true;
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      if (c != '-' && !TermParser.isLetterOrDigit(c)) {
        return false;
      }
      number &= c >= '0' && c <= '9';
    }
    return !number;
  }
}
