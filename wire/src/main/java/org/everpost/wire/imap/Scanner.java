package org.everpost.wire.imap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tokens of RFC 9051 §9 from the bytes of one command. They are as on the wire, literals
 * after their announcement and CRLF, but without the last CRLF.
 */
final class Scanner {
  private static final int LONGEST_NAME = 64;

  private final byte[] bytes;
  private final int end;
  private final boolean utf8;
  private int at;
  private @Nullable String tag;

  Scanner(byte[] bytes, int end, boolean utf8) {
    this.bytes = bytes;
    this.end = end;
    this.utf8 = utf8;
  }

  // ---- where we are

  boolean atEnd() {
    return at == end;
  }

  int position() {
    return at;
  }

  /** The next octet, or -1 at the end. */
  int peek() {
    return at < end ? bytes[at] & 0xFF : -1;
  }

  boolean nextIs(char c) {
    return at < end && bytes[at] == c;
  }

  /** Whether this word comes next, in any case, whatever follows. */
  boolean nextIsWord(String upper) {
    if (end - at < upper.length()) {
      return false;
    }
    for (int i = 0; i < upper.length(); i++) {
      int c = bytes[at + i];
      if ((c >= 'a' && c <= 'z' ? c - 32 : c) != upper.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  boolean accept(char c) {
    if (nextIs(c)) {
      at++;
      return true;
    }
    return false;
  }

  boolean acceptWord(String upper) {
    if (nextIsWord(upper)) {
      at += upper.length();
      return true;
    }
    return false;
  }

  void expect(char c) throws ImapSyntaxException {
    if (!accept(c)) {
      throw error("Expected '" + c + "'");
    }
  }

  void space() throws ImapSyntaxException {
    if (!accept(' ')) {
      throw error(atEnd() ? "Argument missing" : "Expected a space");
    }
  }

  void expectEnd() throws ImapSyntaxException {
    if (!atEnd()) {
      throw error("Too many arguments");
    }
  }

  ImapSyntaxException error(String message) {
    return new ImapSyntaxException(tag, message);
  }

  // ---- words

  /** {@code tag}; errors carry it from here on. */
  String tag() throws ImapSyntaxException {
    int start = at;
    while (at < end && bytes[at] != '+' && isAstringChar(bytes[at])) {
      at++;
    }
    if (at == start) {
      throw error("Tag missing");
    }
    String text = ascii(start, at);
    tag = text;
    return text;
  }

  /** Goes on with a command whose tag came earlier. */
  void resume(String tag) {
    this.tag = tag;
  }

  /** {@code atom}. */
  String atom() throws ImapSyntaxException {
    int start = at;
    while (at < end && isAtomChar(bytes[at])) {
      at++;
    }
    if (at == start) {
      throw error("Expected an atom");
    }
    return ascii(start, at);
  }

  /** An atom in capitals: the name of something. */
  String name() throws ImapSyntaxException {
    return atom().toUpperCase(Locale.ROOT);
  }

  /** The name of a FETCH item in capitals: it ends before a bracket. */
  String itemName() throws ImapSyntaxException {
    int start = at;
    while (at < end && bytes[at] != '[' && bytes[at] != '<' && isAtomChar(bytes[at])) {
      at++;
    }
    if (at == start || at - start > LONGEST_NAME) {
      throw error("Expected a name");
    }
    return ascii(start, at).toUpperCase(Locale.ROOT);
  }

  /** {@code number64} (RFC 9051 §9), which is also {@code mod-sequence-valzer}. */
  long number64() throws ImapSyntaxException {
    int start = at;
    long number = 0;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      int digit = bytes[at] - '0';
      if (number > (Long.MAX_VALUE - digit) / 10) {
        throw error("Number too large");
      }
      number = number * 10 + digit;
      at++;
    }
    if (at == start) {
      throw error("Expected a number");
    }
    return number;
  }

  /** {@code nz-number}: of 32 bits, not 0. */
  long nzNumber() throws ImapSyntaxException {
    long number = number64();
    if (number == 0 || number > NumberSet.MAX) {
      throw error("Number out of range");
    }
    return number;
  }

  // ---- strings

  /** {@code astring} as text. */
  String astring() throws ImapSyntaxException {
    return decode(astringOctets());
  }

  /** {@code astring} as octets. */
  byte[] astringOctets() throws ImapSyntaxException {
    if (nextIs('"') || nextIs('{')) {
      return stringOctets();
    }
    int start = at;
    while (at < end && isAstringChar(bytes[at])) {
      at++;
    }
    if (at == start) {
      throw error("Expected a string");
    }
    return Arrays.copyOfRange(bytes, start, at);
  }

  /** {@code nstring} as text; null for NIL. */
  @Nullable String nstring() throws ImapSyntaxException {
    if (nextIs('"') || nextIs('{')) {
      return decode(stringOctets());
    }
    if (!acceptWord("NIL")) {
      throw error("Expected a string or NIL");
    }
    return null;
  }

  /** {@code string}: quoted or literal. */
  byte[] stringOctets() throws ImapSyntaxException {
    if (accept('"')) {
      return quoted();
    }
    if (accept('{')) {
      return literal();
    }
    throw error("Expected a string");
  }

  /**
   * The rest of a quoted string. Deviates from RFC 3501 §9: UTF-8 is accepted from clients that
   * have not enabled it as well, as RFC 9051 §9 allows it and it can mean nothing else.
   */
  private byte[] quoted() throws ImapSyntaxException {
    int start = at;
    int escapes = 0;
    while (at < end && bytes[at] != '"') {
      if (bytes[at] == '\\') {
        at++;
        escapes++;
        if (!nextIs('"') && !nextIs('\\')) {
          throw error("Wrong escape in a quoted string");
        }
      } else if (bytes[at] == '\r' || bytes[at] == '\n' || bytes[at] == 0) {
        throw error("Wrong character in a quoted string");
      }
      at++;
    }
    if (at == end) {
      throw error("Quoted string without an end");
    }
    byte[] octets = new byte[at - start - escapes];
    int length = 0;
    for (int i = start; i < at; i++) {
      if (bytes[i] == '\\') {
        i++;
      }
      octets[length++] = bytes[i];
    }
    at++;
    return octets;
  }

  private byte[] literal() throws ImapSyntaxException {
    long size = number64();
    accept('+');
    if (!acceptWord("}\r\n")) {
      throw error("Expected a literal");
    }
    if (size > end - at) {
      throw error("Literal cut short");
    }
    byte[] octets = Arrays.copyOfRange(bytes, at, at + (int) size);
    for (byte octet : octets) {
      if (octet == 0) {
        throw error("NUL in a literal");
      }
    }
    at += (int) size;
    return octets;
  }

  /** UTF-8 to text; RFC 9051 §4.3 wants it well-formed. */
  String decode(byte[] octets) throws ImapSyntaxException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException _) {
      throw error("Not UTF-8");
    }
  }

  // ---- what strings mean

  /** {@code mailbox}. */
  String mailbox() throws ImapSyntaxException {
    String name = mailboxText(astring());
    // RFC 9051 §5.1: INBOX in any case.
    return name.equalsIgnoreCase("INBOX") && name.chars().allMatch(c -> c < 0x80) ? "INBOX" : name;
  }

  /**
   * The reference name of LIST: a mailbox name, but INBOX means nothing there; null if no mailbox
   * can have it.
   */
  @Nullable String reference() throws ImapSyntaxException {
    return acceptable(astringOctets());
  }

  /** {@code list-mailbox}: a name with wildcards; null if no mailbox can have such a name. */
  @Nullable String pattern() throws ImapSyntaxException {
    if (nextIs('"') || nextIs('{')) {
      return acceptable(stringOctets());
    }
    int start = at;
    while (at < end && (isAstringChar(bytes[at]) || bytes[at] == '%' || bytes[at] == '*')) {
      at++;
    }
    if (at == start) {
      throw error("Expected a mailbox pattern");
    }
    return acceptable(Arrays.copyOfRange(bytes, start, at));
  }

  /** RFC 9051 §6.3.9: where names are looked for, one that cannot be is no error. */
  private @Nullable String acceptable(byte[] octets) {
    try {
      return mailboxText(decode(octets));
    } catch (ImapSyntaxException _) {
      return null;
    }
  }

  /** A mailbox name or part of one, from its form on the wire. */
  private String mailboxText(String wire) throws ImapSyntaxException {
    String name = utf8 ? wire : ModifiedUtf7.decode(wire);
    if (name == null) {
      throw error("Mailbox name is not modified UTF-7");
    }
    for (int i = 0; i < name.length(); i++) {
      // RFC 9051 §5.1 and RFC 5198 §2: a name is Net-Unicode, which has no controls.
      if (Character.isISOControl(name.charAt(i))) {
        throw error("Control character in a mailbox name");
      }
    }
    return name;
  }

  /** {@code sequence-set}, or {@code $} (RFC 5182). */
  SequenceSet sequenceSet() throws ImapSyntaxException {
    if (accept('$')) {
      return SequenceSet.SAVED;
    }
    long[] bounds = new long[4];
    int length = 0;
    do {
      if (length == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * length);
      }
      long first = sequenceNumber();
      bounds[length++] = first;
      bounds[length++] = accept(':') ? sequenceNumber() : first;
    } while (accept(','));
    return SequenceSet.of(Arrays.copyOf(bounds, length));
  }

  private long sequenceNumber() throws ImapSyntaxException {
    return accept('*') ? SequenceSet.STAR : nzNumber();
  }

  /** {@code uid-set} (RFC 4315): neither {@code *} nor {@code $}. */
  SequenceSet plainSet() throws ImapSyntaxException {
    SequenceSet set = sequenceSet();
    if (set.isSaved() || set.hasStar()) {
      throw error("Only numbers are allowed in this set");
    }
    return set;
  }

  /** {@code flag-list}. */
  List<String> flagList() throws ImapSyntaxException {
    expect('(');
    if (accept(')')) {
      return List.of();
    }
    List<String> flags = flags();
    expect(')');
    return flags;
  }

  /** One or more flags, in their canonical spelling, none twice. */
  List<String> flags() throws ImapSyntaxException {
    List<String> flags = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    do {
      String flag = Flag.canonical(accept('\\') ? "\\" + atom() : atom());
      // RFC 3501 §2.3.2: "\Recent" cannot be altered. Some clients copy it with the others.
      if (!flag.equals(Flag.RECENT) && seen.add(Flag.key(flag))) {
        flags.add(flag);
      }
    } while (accept(' '));
    return flags;
  }

  private String ascii(int start, int stop) {
    return new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1);
  }

  // ---- characters

  /** {@code ATOM-CHAR}. */
  static boolean isAtomChar(byte c) {
    return switch (c) {
      case '(', ')', '{', ' ', '%', '*', '"', '\\', ']', 0x7F -> false;
      default -> c > 0x20;
    };
  }

  /** {@code ASTRING-CHAR}. */
  static boolean isAstringChar(byte c) {
    return isAtomChar(c) || c == ']';
  }
}
