package org.everpost.wire.dkim;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.everpost.wire.mime.HeaderField;
import org.everpost.wire.mime.HeaderFields;

/** The header of a message as signatures see it (RFC 6376 §3.4.1, §3.4.2, §3.7). */
final class CanonicalHeader {

  private final Map<String, List<HeaderField>> fields = new HashMap<>();

  CanonicalHeader(byte[] header) {
    for (HeaderField field : HeaderFields.of(header)) {
      String name = field.name().toLowerCase(Locale.ROOT);
      fields.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(field);
    }
  }

  /** The fields of that name, from the top. */
  List<HeaderField> all(String lowerCaseName) {
    return fields.getOrDefault(lowerCaseName, List.of());
  }

  /**
   * What is signed.
   *
   * @param names in lower case; one that is there more than once means the next field upwards
   *     (§5.4.2), one that has no field left means that there is none
   * @param signature the DKIM-Signature field with {@code b=} empty
   */
  byte[] input(List<String> names, Canonicalization canonicalization, byte[] signature) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
    Map<String, Integer> used = new HashMap<>();
    for (String name : names) {
      List<HeaderField> all = all(name);
      int index = all.size() - used.merge(name, 1, Integer::sum);
      if (index >= 0) {
        append(all.get(index).raw(), canonicalization, out);
        out.write('\r');
        out.write('\n');
      }
    }
    append(signature, canonicalization, out);
    return out.toByteArray();
  }

  /** Without the line end. */
  private static void append(
      byte[] field, Canonicalization canonicalization, ByteArrayOutputStream out) {
    int end = field.length;
    if (end > 0 && field[end - 1] == '\n') {
      end--;
    }
    if (end > 0 && field[end - 1] == '\r') {
      end--;
    }
    if (canonicalization == Canonicalization.SIMPLE) {
      out.write(field, 0, end);
    } else {
      relax(field, end, out);
    }
  }

  private static void relax(byte[] field, int end, ByteArrayOutputStream out) {
    int i = 0;
    for (; i < end && field[i] != ':'; i++) {
      byte c = field[i];
      if (!isSpace(c)) {
        out.write(c >= 'A' && c <= 'Z' ? c + 32 : c);
      }
    }
    out.write(':');
    boolean space = false;
    boolean begun = false;
    for (i++; i < end; i++) {
      byte c = field[i];
      if (c == ' ' || c == '\t') {
        space = true;
      } else if (c == '\r' && i + 1 < end && field[i + 1] == '\n') {
        i++; // what follows is white space
      } else {
        if (space && begun) {
          out.write(' ');
        }
        out.write(c);
        space = false;
        begun = true;
      }
    }
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  /** A DKIM-Signature field with the value of {@code b=} taken out (§3.7). */
  static byte[] withoutSignature(byte[] field) {
    int at = 0;
    while (at < field.length && field[at] != ':') {
      at++;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(field.length);
    out.write(field, 0, Math.min(field.length, at + 1));
    for (int from = at + 1; from < field.length; ) {
      int to = indexOf(field, (byte) ';', from, field.length);
      int equals = indexOf(field, (byte) '=', from, to);
      boolean isB = equals < to && isNameB(field, from, equals);
      out.write(field, from, isB ? equals + 1 - from : to - from);
      if (to < field.length) {
        out.write(';');
      }
      from = to + 1;
    }
    return out.toByteArray();
  }

  private static int indexOf(byte[] b, byte wanted, int from, int to) {
    int i = from;
    while (i < to && b[i] != wanted) {
      i++;
    }
    return i;
  }

  private static boolean isNameB(byte[] b, int from, int to) {
    int letters = 0;
    boolean found = false;
    for (int i = from; i < to; i++) {
      if (!isSpace(b[i])) {
        letters++;
        found = b[i] == 'b';
      }
    }
    return found && letters == 1;
  }
}
