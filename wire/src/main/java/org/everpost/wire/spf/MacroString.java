package org.everpost.wire.spf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A text with parts that stand for something else (RFC 7208 §7). */
public record MacroString(List<Part> parts) {

  public MacroString {
    parts = List.copyOf(parts);
  }

  /** A part; each is shown as it is written. */
  public sealed interface Part {

    /** Itself. */
    record Literal(String text) implements Part {
      public Literal {
        Objects.requireNonNull(text, "text");
      }

      @Override
      public String toString() {
        return text;
      }
    }

    /**
     * A character that cannot be written otherwise.
     *
     * @param code {@code %}, {@code _} or {@code -}
     */
    record Escape(char code) implements Part {
      public Escape {
        if ("%_-".indexOf(code) < 0) {
          throw new IllegalArgumentException("no such escape");
        }
      }

      String text() {
        return switch (code) {
          case '%' -> "%";
          case '_' -> " ";
          default -> "%20";
        };
      }

      @Override
      public String toString() {
        return "%" + code;
      }
    }

    /**
     * What somebody else knows, transformed.
     *
     * @param urlEscaped written with a capital letter
     * @param labels how many of its labels are taken, from the right; 0: all
     * @param reversed whether they are turned round before that
     * @param delimiters what its labels are split at; none: the dot
     */
    record Macro(
        MacroLetter letter, boolean urlEscaped, int labels, boolean reversed, String delimiters)
        implements Part {
      public Macro {
        Objects.requireNonNull(letter, "letter");
        Objects.requireNonNull(delimiters, "delimiters");
      }

      /** §7.3. */
      String expand(String value) {
        List<String> all = split(value, delimiters.isEmpty() ? "." : delimiters);
        if (reversed) {
          Collections.reverse(all);
        }
        int from = labels == 0 ? 0 : Math.max(0, all.size() - labels);
        String joined = String.join(".", all.subList(from, all.size()));
        return urlEscaped ? escaped(joined) : joined;
      }

      private static List<String> split(String value, String at) {
        List<String> all = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
          if (at.indexOf(value.charAt(i)) >= 0) {
            all.add(value.substring(start, i));
            start = i + 1;
          }
        }
        all.add(value.substring(start));
        return all;
      }

      /** All but the unreserved characters of URIs (RFC 3986 §2.3). */
      private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
          char c = (char) (octet & 0xff);
          if (TermParser.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0) {
            out.append(c);
          } else {
            out.append('%').append(hex(c >> 4)).append(hex(c & 15));
          }
        }
        return out.toString();
      }

      private static char hex(int digit) {
        return "0123456789ABCDEF".charAt(digit);
      }

      @Override
      public String toString() {
        char its = urlEscaped ? (char) (letter.letter() - 'a' + 'A') : letter.letter();
        return "%{"
            + its
            + (labels == 0 ? "" : Integer.toString(labels))
            + (reversed ? "r" : "")
            + delimiters
            + "}";
      }
    }
  }

  /**
   * Parses an explain-string, which is what people are told who were refused (§6.2).
   *
   * @throws SpfSyntaxException if it is none
   */
  public static MacroString ofExplanation(String text) throws SpfSyntaxException {
    return MacroParser.explanation(text);
  }

  /**
   * The text it stands for.
   *
   * @param values what macros stand for; only asked for what is there
   */
  public String expand(Function<MacroLetter, String> values) {
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      out.append(
          switch (part) {
            case Part.Literal literal -> literal.text();
            case Part.Escape escape -> escape.text();
            case Part.Macro macro -> macro.expand(values.apply(macro.letter()));
          });
    }
    return out.toString();
  }

  /** Whether a macro is in it. */
  public boolean uses(MacroLetter letter) {
    return parts.stream().anyMatch(part -> part instanceof Part.Macro m && m.letter() == letter);
  }

  /** As it is written. */
  @Override
  public String toString() {
    return parts.stream().map(Part::toString).collect(Collectors.joining());
  }
}
