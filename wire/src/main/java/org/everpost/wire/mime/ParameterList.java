package org.everpost.wire.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.everpost.wire.mime.MimePart.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of Content-Type and Content-Disposition (RFC 2045 §5.1), with the continuations
 * and character sets of RFC 2231. Tolerated, because mail has it: missing or doubled semicolons,
 * missing quotes around spaces and specials, quotes that never close, parameters without a value
 * (dropped), the same name again (the first counts).
 */
final class ParameterList {

  private final Map<String, Gathered> byName = new LinkedHashMap<>();

  private ParameterList() {}

  /** Parses from the cursor, which stands behind the value the parameters belong to, to its end. */
  static List<Parameter> parse(FieldCursor c) {
    c.skipCfws();
    if (c.atEnd()) {
      return List.of();
    }
    var list = new ParameterList();
    for (int n = 0; n < MimeLimits.PARAMETERS && !c.atEnd(); n++) {
      list.parseOne(c);
    }
    return list.joined();
  }

  private void parseOne(FieldCursor c) {
    c.skipCfws();
    while (c.peek() == ';' || c.peek() == ',') {
      c.skip();
      c.skipCfws();
    }
    int start = c.at();
    if (c.skipToken() == 0) {
      c.skip();
      return;
    }
    String name = c.lowerCase(start, c.at());
    c.skipCfws();
    if (c.peek() != '=') {
      return;
    }
    c.skip();
    c.skipCfws();
    var value = new ByteBuilder(32);
    if (c.peek() == '"' && c.quotedString(value)) {
      add(name, value.copy());
      return;
    }
    if (c.peek() == '"') {
      c.skip();
    }
    bareValue(c, value);
    add(name, value.copy());
  }

  /** A value without quotes: to the semicolon, a comment, or what looks like the next parameter. */
  private static void bareValue(FieldCursor c, ByteBuilder value) {
    while (!c.atEnd() && c.peek() != ';') {
      int gap = c.at();
      if (c.skipSpace()) {
        int word = c.at();
        if (c.atEnd() || c.peek() == ';' || c.peek() == '(' || nextParameterBegins(c)) {
          c.moveTo(word);
          return;
        }
        c.moveTo(word);
        for (int i = gap; i < word; i++) {
          byte space = c.octets()[i];
          if (space != '\r' && space != '\n') {
            value.append(space);
          }
        }
      }
      while (!c.atEnd() && c.peek() != ';' && !c.atSpace()) {
        value.append(c.peek());
        c.skip();
      }
    }
  }

  private static boolean nextParameterBegins(FieldCursor c) {
    return c.skipToken() > 0 && c.peek() == '=';
  }

  /** RFC 2231 §3 and §4: {@code name*}, {@code name*0}, {@code name*0*}. */
  private void add(String name, byte[] value) {
    int star = name.indexOf('*');
    if (star <= 0) {
      gathered(name).plain(value);
      return;
    }
    Gathered gathered = gathered(name.substring(0, star));
    boolean extended = name.endsWith("*");
    String section =
        name.substring(star + 1, extended ? Math.max(star + 1, name.length() - 1) : name.length());
    if (section.isEmpty()) {
      gathered.piece(0, value, true);
    } else if (section.length() <= 4 && section.chars().allMatch(d -> d >= '0' && d <= '9')) {
      gathered.piece(Integer.parseInt(section), value, extended);
    } else {
      gathered(name).plain(value);
    }
  }

  private Gathered gathered(String name) {
    return byName.computeIfAbsent(name, _ -> new Gathered());
  }

  private List<Parameter> joined() {
    var parameters = new ArrayList<Parameter>(byName.size());
    byName.forEach((name, gathered) -> {
      String value = gathered.joined();
      if (value != null) {
        parameters.add(new Parameter(name, value));
      }
    });
    return parameters;
  }

  /** What was found under one name. */
  private static final class Gathered {
    private byte @Nullable [] plain;
    private final TreeMap<Integer, Piece> pieces = new TreeMap<>();

    void plain(byte[] value) {
      if (plain == null) {
        plain = value;
      }
    }

    void piece(int section, byte[] value, boolean extended) {
      pieces.putIfAbsent(section, new Piece(value, extended));
    }

    /** The pieces up to the first gap, else the plain value. */
    @Nullable String joined() {
      Piece first = pieces.get(0);
      if (first == null) {
        return plain == null ? null : HeaderText.clean(HeaderText.decode(plain, 0, plain.length));
      }
      int start = first.extended ? first.textStart() : 0;
      String charset =
          start == 0 ? null : new String(first.value, 0, start, StandardCharsets.ISO_8859_1);
      var octets = new ByteBuilder(64);
      int section = 0;
      for (Piece piece = first; piece != null; piece = pieces.get(++section)) {
        piece.appendTo(octets, section == 0 ? start : 0);
      }
      if (charset == null) {
        return HeaderText.clean(HeaderText.decode(octets.octets(), 0, octets.length()));
      }
      String name = charset.substring(0, charset.indexOf('\''));
      return HeaderText.clean(MimeCharset.decode(octets.octets(), 0, octets.length(), name));
    }
  }

  /** One section of a continued value. */
  private static final class Piece {
    private final byte[] value;
    private final boolean extended;

    Piece(byte[] value, boolean extended) {
      this.value = value;
      this.extended = extended;
    }

    /** Behind {@code charset'language'}; 0 if that is missing. */
    int textStart() {
      int quote = ByteSearch.indexOf(value, 0, value.length, (byte) '\'');
      return quote < 0 ? 0 : ByteSearch.indexOf(value, quote + 1, value.length, (byte) '\'') + 1;
    }

    void appendTo(ByteBuilder octets, int from) {
      for (int i = from; i < value.length; i++) {
        int high = extended && value[i] == '%' && i + 2 < value.length ? hex(value[i + 1]) : -1;
        int low = high < 0 ? -1 : hex(value[i + 2]);
        if (low < 0) {
          octets.append(value[i]);
        } else {
          octets.append(high << 4 | low);
          i += 2;
        }
      }
    }

    private static int hex(byte c) {
      return Character.digit((char) (c & 0xff), 16);
    }
  }
}
