package org.everpost.e2e;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A part of an IMAP response (RFC 9051 §9): a text, a list, or nothing. */
sealed interface ImapValue {

  /** An atom, a number, a quoted string or a literal. */
  final class Text implements ImapValue {
    private final byte[] octets;
    private final boolean atom;

    private Text(byte[] octets, boolean atom) {
      this.octets = octets;
      this.atom = atom;
    }

    boolean isAtom() {
      return atom;
    }

    @Override
    public String toString() {
      return text();
    }
  }

  /** What stands between parentheses. */
  record Items(List<ImapValue> items) implements ImapValue {}

  /** NIL. */
  record Nil() implements ImapValue {}

  /** A whole response, as a list. */
  static ImapValue parse(byte[] response) {
    return new Parser(response).all();
  }

  default boolean isNil() {
    return this instanceof Nil;
  }

  default boolean isList() {
    return this instanceof Items;
  }

  default List<ImapValue> list() {
    if (this instanceof Items(var items)) {
      return items;
    }
    throw new AssertionError("no list: " + this);
  }

  default ImapValue get(int index) {
    return list().get(index);
  }

  default byte[] octets() {
    if (this instanceof Text text) {
      return text.octets;
    }
    throw new AssertionError("no text: " + this);
  }

  default String text() {
    return new String(octets(), StandardCharsets.UTF_8);
  }

  default long number() {
    return Long.parseLong(text());
  }

  /** The value behind a name, in a list of names and values. */
  default ImapValue attribute(String name) {
    List<ImapValue> items = list();
    for (int i = 0; i + 1 < items.size(); i += 2) {
      if (items.get(i).text().equals(name)) {
        return items.get(i + 1);
      }
    }
    throw new AssertionError("no " + name + " in " + items.size() + " items");
  }

  /** Reads responses; anything that is not one is an error. */
  final class Parser {
    private final byte[] in;
    private int at;

    private Parser(byte[] in) {
      this.in = in;
    }

    private ImapValue all() {
      List<ImapValue> items = new ArrayList<>();
      while (at < in.length) {
        items.add(value());
        if (at < in.length) {
          expect(' ');
        }
      }
      return new Items(List.copyOf(items));
    }

    private ImapValue value() {
      if (at >= in.length) {
        throw wrong("the end");
      }
      return switch (in[at]) {
        case '(' -> items();
        case '"' -> quoted();
        case '{' -> literal();
        case '~' -> {
          at++;
          yield literal();
        }
        default -> atom();
      };
    }

    private ImapValue items() {
      expect('(');
      List<ImapValue> items = new ArrayList<>();
      while (in[at] != ')') {
        items.add(value());
        // RFC 9051 §9: the parts of a multipart and the addresses of a field touch each other.
        if (in[at] == ' ') {
          at++;
          if (in[at] == ')') {
            throw wrong("a space before ')'");
          }
        } else if (in[at] != ')' && in[at] != '(') {
          throw wrong("no space");
        }
      }
      expect(')');
      return new Items(List.copyOf(items));
    }

    private ImapValue quoted() {
      expect('"');
      StringBuilder text = new StringBuilder();
      while (in[at] != '"') {
        if (in[at] == '\r' || in[at] == '\n' || in[at] == 0) {
          throw wrong("a control character in a quoted string");
        }
        if (in[at] == '\\') {
          at++;
          if (in[at] != '"' && in[at] != '\\') {
            throw wrong("a backslash before something else");
          }
        }
        text.append((char) (in[at++] & 0xff));
      }
      expect('"');
      return new Text(text.toString().getBytes(StandardCharsets.ISO_8859_1), false);
    }

    private ImapValue literal() {
      expect('{');
      int length = 0;
      while (in[at] >= '0' && in[at] <= '9') {
        length = Math.addExact(Math.multiplyExact(length, 10), in[at++] - '0');
      }
      expect('}');
      expect('\r');
      expect('\n');
      byte[] octets = Arrays.copyOfRange(in, at, at + length);
      at += length;
      return new Text(octets, false);
    }

    /** Also what FETCH calls its items, with brackets in it: {@code BODY[HEADER.FIELDS (TO)]}. */
    private ImapValue atom() {
      int begin = at;
      boolean bracket = false;
      while (at < in.length && (bracket || (in[at] != ' ' && in[at] != '(' && in[at] != ')'))) {
        bracket = in[at] == '[' || (bracket && in[at] != ']');
        if (in[at] < ' ' || in[at] == '"') {
          throw wrong("no atom");
        }
        at++;
      }
      if (begin == at) {
        throw wrong("an empty atom");
      }
      byte[] octets = Arrays.copyOfRange(in, begin, at);
      return Arrays.equals(octets, new byte[] {'N', 'I', 'L'}) ? new Nil() : new Text(octets, true);
    }

    private void expect(char c) {
      if (at >= in.length || in[at] != c) {
        throw wrong("not '" + c + "'");
      }
      at++;
    }

    private AssertionError wrong(String what) {
      int from = Math.max(0, at - 100);
      int to = Math.min(in.length, at + 40);
      return new AssertionError(
          what + " at " + at + ": " + new String(in, from, to - from, StandardCharsets.ISO_8859_1));
    }
  }
}
