package org.everpost.wire.imap.response;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import org.everpost.wire.imap.ModifiedUtf7;
import org.everpost.wire.imap.NumberSet;
import org.jspecify.annotations.Nullable;

/**
 * A growing array of response bytes that knows the tokens of RFC 9051 §9. The session sends {@link
 * #array()} up to {@link #length()} whenever there is enough of it, and calls {@link #clear()}.
 */
public final class ResponseBuffer {

  /** Longer strings are sent as literals: clients read quoted strings into small buffers. */
  private static final int LONGEST_QUOTED = 4096;

  /** What is kept after a {@link #clear()}. */
  private static final int LARGEST_KEPT = 256 * 1024;

  private static final int LONGEST_LONG = 20;

  private byte[] bytes;
  private int length;
  private boolean utf8;

  public ResponseBuffer(int capacity) {
    bytes = new byte[Math.max(capacity, 64)];
  }

  /** The bytes; only those before {@link #length()} count. */
  public byte[] array() {
    return bytes;
  }

  public int length() {
    return length;
  }

  public void clear() {
    length = 0;
    if (bytes.length > LARGEST_KEPT) {
      bytes = new byte[LARGEST_KEPT];
    }
  }

  /** Takes back what was written after it was so long. */
  public void truncate(int shorter) {
    if (shorter < 0 || shorter > length) {
      throw new IllegalArgumentException("not a length it had: " + shorter);
    }
    length = shorter;
  }

  /** Whether the client reads UTF-8 ({@code IMAP4rev2} or {@code UTF8=ACCEPT} is enabled). */
  public boolean utf8() {
    return utf8;
  }

  public void utf8(boolean enabled) {
    utf8 = enabled;
  }

  // ---- as they are

  /** Writes US-ASCII text of ours as it is. */
  public ResponseBuffer ascii(String text) {
    int n = text.length();
    ensure(n);
    byte[] to = bytes;
    int at = length;
    for (int i = 0; i < n; i++) {
      to[at++] = (byte) text.charAt(i);
    }
    length = at;
    return this;
  }

  public ResponseBuffer octets(byte[] octets) {
    return octets(octets, 0, octets.length);
  }

  public ResponseBuffer octets(byte[] source, int offset, int count) {
    ensure(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
    return this;
  }

  public ResponseBuffer octet(char c) {
    ensure(1);
    bytes[length++] = (byte) c;
    return this;
  }

  public ResponseBuffer space() {
    return octet(' ');
  }

  public ResponseBuffer crlf() {
    ensure(2);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
    return this;
  }

  public ResponseBuffer nil() {
    ensure(3);
    bytes[length++] = 'N';
    bytes[length++] = 'I';
    bytes[length++] = 'L';
    return this;
  }

  /** A number that is not negative. */
  public ResponseBuffer number(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("negative: " + number);
    }
    ensure(LONGEST_LONG);
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  // ---- words

  /**
   * A flag, keyword, attribute or id. It should be an atom, perhaps after a backslash; what could
   * not stand in one becomes {@code _}.
   */
  public ResponseBuffer atom(String atom) {
    int n = atom.length();
    ensure(n);
    for (int i = 0; i < n; i++) {
      char c = atom.charAt(i);
      boolean fits =
          switch (c) {
            case '\\' -> i == 0;
            // RFC 9051 §7.1, PERMANENTFLAGS: "\*".
            case '*' -> n == 2 && i == 1 && atom.charAt(0) == '\\';
            case '(', ')', '{', '%', '"', ']' -> false;
            default -> c > 0x20 && c < 0x7F;
          };
      bytes[length++] = fits ? (byte) c : (byte) '_';
    }
    return this;
  }

  /** {@code flag-list}. */
  public ResponseBuffer flags(Collection<String> flags) {
    octet('(');
    boolean first = true;
    for (String flag : flags) {
      if (!first) {
        space();
      }
      first = false;
      atom(flag);
    }
    return octet(')');
  }

  /** {@code sequence-set}: {@code 1:3,5}; the empty set cannot be written. */
  public ResponseBuffer set(NumberSet set) {
    if (set.isEmpty()) {
      throw new IllegalArgumentException("an empty set has no form on the wire");
    }
    for (int i = 0; i < set.rangeCount(); i++) {
      if (i > 0) {
        octet(',');
      }
      number(set.first(i));
      if (set.last(i) != set.first(i)) {
        octet(':').number(set.last(i));
      }
    }
    return this;
  }

  /** {@code mailbox}. */
  public ResponseBuffer mailbox(String name) {
    String wire = utf8 ? name : ModifiedUtf7.encode(name);
    return astring(wire);
  }

  /** {@code astring}: an atom where that is possible. */
  public ResponseBuffer astring(String text) {
    return isAtom(text) ? ascii(text) : string(text);
  }

  /** Human text up to the end of the line (RFC 9051 §9, {@code resp-text}). */
  public ResponseBuffer humanText(String text) {
    int start = length;
    byte[] octets = text.getBytes(utf8 ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII);
    octets(octets);
    for (int i = start; i < length; i++) {
      if (bytes[i] >= 0 && bytes[i] < 0x20) {
        bytes[i] = ' ';
      }
    }
    return this;
  }

  /** {@code date-time}, in UTC. */
  public ResponseBuffer dateTime(Instant instant) {
    ensure(DateTimeRenderer.LENGTH);
    length = DateTimeRenderer.render(instant, bytes, length);
    return this;
  }

  // ---- strings

  /** {@code nstring}. */
  public ResponseBuffer nstring(@Nullable String text) {
    return text == null ? nil() : string(text);
  }

  /** {@code string}: quoted where that is possible, else a literal of UTF-8. */
  public ResponseBuffer string(String text) {
    if (!plainQuoted(text)) {
      unusualString(text);
    }
    return this;
  }

  /** {@code nstring} of header text: for a client without UTF-8 in the words of RFC 2047. */
  public ResponseBuffer headerText(@Nullable String text) {
    if (text == null) {
      return nil();
    }
    if (!plainQuoted(text)) {
      unusualString(utf8 || isAscii(text) ? text : EncodedWords.encode(text));
    }
    return this;
  }

  /** The announcement of a literal, the octets of which come next, by whatever way. */
  public ResponseBuffer literalOf(long size) {
    return octet('{').number(size).octet('}').crlf();
  }

  /** The announcement of a {@code literal8}, which may hold NUL (RFC 3516 §4). */
  public ResponseBuffer literal8Of(long size) {
    return octet('~').literalOf(size);
  }

  /** Writes it if it is short and has nothing that needs care; else nothing. */
  private boolean plainQuoted(String text) {
    int n = text.length();
    if (n > LONGEST_QUOTED) {
      return false;
    }
    ensure(n + 2);
    byte[] to = bytes;
    int at = length;
    to[at++] = '"';
    for (int i = 0; i < n; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7E || c == '"' || c == '\\') {
        return false;
      }
      to[at++] = (byte) c;
    }
    to[at++] = '"';
    length = at;
    return true;
  }

  private void unusualString(String text) {
    byte[] octets = text.replace('\0', ' ').getBytes(StandardCharsets.UTF_8);
    boolean quotable = octets.length <= LONGEST_QUOTED;
    for (byte octet : octets) {
      quotable &= octet != '\r' && octet != '\n' && (octet >= 0 || utf8);
    }
    if (!quotable) {
      literalOf(octets.length).octets(octets);
      return;
    }
    ensure(2 * octets.length + 2);
    bytes[length++] = '"';
    for (byte octet : octets) {
      if (octet == '"' || octet == '\\') {
        bytes[length++] = '\\';
      }
      bytes[length++] = octet;
    }
    bytes[length++] = '"';
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAtom(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && "-_./".indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty() && !text.equalsIgnoreCase("NIL");
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
  }

  /** What it holds, for people: one character an octet. */
  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }
}
