package org.everpost.wire.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes a command of a line (RFC 5321 §4.1.1). */
public final class SmtpParser {

  private static final SmtpVerb[] VERBS = SmtpVerb.values();

  /** RFC 5321 §4.5.3.1.2. */
  private static final int MAX_DOMAIN = 255;

  private SmtpParser() {}

  /**
   * Parses one command.
   *
   * @param line without its line end
   */
  public static SmtpCommand parse(byte[] line) throws SmtpSyntaxException {
    String text = decode(line);
    int space = text.indexOf(' ');
    int wordEnd = space < 0 ? text.length() : space;
    SmtpVerb verb = verb(text, wordEnd);
    if (verb == null) {
      throw unreadable("Command not recognized");
    }
    Cursor cursor = new Cursor(verb, text, wordEnd);
    cursor.skipSpaces();
    return switch (verb) {
      case MAIL -> MailParser.parse(cursor);
      case RCPT -> RcptParser.parse(cursor);
      case BDAT -> bdat(cursor);
      case AUTH -> auth(cursor);
      case EHLO -> new SmtpCommand.Ehlo(greetedBy(cursor));
      case HELO -> new SmtpCommand.Helo(greetedBy(cursor));
      case LHLO -> new SmtpCommand.Lhlo(greetedBy(cursor));
      case NOOP -> new SmtpCommand.Noop(); // its argument is ignored, §4.1.1.9
      case HELP -> new SmtpCommand.Help(cursor.rest());
      case VRFY -> new SmtpCommand.Vrfy(required(cursor));
      case EXPN -> new SmtpCommand.Expn(required(cursor));
      case DATA -> alone(cursor, new SmtpCommand.Data());
      case RSET -> alone(cursor, new SmtpCommand.Rset());
      case QUIT -> alone(cursor, new SmtpCommand.Quit());
      case STARTTLS -> alone(cursor, new SmtpCommand.StartTls());
    };
  }

  /** As text without trailing white space, which §4.1.1 wants tolerated. */
  private static String decode(byte[] line) throws SmtpSyntaxException {
    int end = line.length;
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
      end--;
    }
    boolean ascii = true;
    for (int i = 0; i < end; i++) {
      byte b = line[i];
      if (b < 0) {
        ascii = false;
      } else if (b < ' ' || b == 127) {
        throw unreadable("Control character in command");
      }
    }
    if (ascii) {
      return new String(line, 0, end, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, end)).toString();
    } catch (CharacterCodingException _) {
      throw unreadable("Command is not UTF-8"); // RFC 6531 §3.3
    }
  }

  private static @Nullable SmtpVerb verb(String text, int end) {
    for (SmtpVerb verb : VERBS) {
      String name = verb.name();
      if (name.length() == end && text.regionMatches(true, 0, name, 0, end)) {
        return verb;
      }
    }
    return null;
  }

  /**
   * The name the client gives itself. Deviates from §4.1.1.1: whatever cannot do harm in a trace
   * line is taken, because Outlook and printers give the name of the machine, whatever it is.
   */
  private static String greetedBy(Cursor cursor) throws SmtpSyntaxException {
    String domain = cursor.word();
    if (domain.isEmpty() || domain.length() > MAX_DOMAIN || !cursor.atEnd()) {
      throw cursor.error(501, "5.5.4", "Say which host you are: one domain name or [address]");
    }
    boolean literal = domain.startsWith("[") && domain.endsWith("]");
    for (int i = 0; i < domain.length(); i++) {
      char c = domain.charAt(i);
      if (c > '~' || "()<>@,;\\\"".indexOf(c) >= 0 || (!literal && "[]:".indexOf(c) >= 0)) {
        throw cursor.error(501, "5.5.4", "Not a domain name or [address]");
      }
    }
    return domain;
  }

  private static SmtpCommand bdat(Cursor cursor) throws SmtpSyntaxException {
    String digits = cursor.word();
    if (digits.isEmpty() || digits.length() > 20 || !isDigits(digits)) {
      throw cursor.error(501, "5.5.4", "Syntax: BDAT octets [LAST]");
    }
    cursor.skipSpaces();
    boolean last = cursor.skipIgnoringCase("LAST");
    if (!cursor.atEnd()) {
      throw cursor.error(501, "5.5.4", "Syntax: BDAT octets [LAST]");
    }
    return new SmtpCommand.Bdat(saturated(digits), last);
  }

  private static SmtpCommand auth(Cursor cursor) throws SmtpSyntaxException {
    String mechanism = cursor.word().toUpperCase(Locale.ROOT);
    if (mechanism.isEmpty() || mechanism.length() > 20 || !isMechanism(mechanism)) {
      throw cursor.error(501, "5.5.4", "Syntax: AUTH mechanism [initial-response]");
    }
    cursor.skipSpaces();
    String response = cursor.atEnd() ? null : cursor.word();
    if (!cursor.atEnd()) {
      throw cursor.error(501, "5.5.4", "Syntax: AUTH mechanism [initial-response]");
    }
    return new SmtpCommand.Auth(mechanism, response);
  }

  /** RFC 4422 §3.1: sasl-mech. */
  private static boolean isMechanism(String s) {
    return s.chars()
        .allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
  }

  private static String required(Cursor cursor) throws SmtpSyntaxException {
    String argument = cursor.rest();
    if (argument.isEmpty()) {
      throw cursor.error(501, "5.5.4", "Argument missing");
    }
    return argument;
  }

  private static SmtpCommand alone(Cursor cursor, SmtpCommand command) throws SmtpSyntaxException {
    if (!cursor.atEnd()) {
      throw cursor.error(501, "5.5.4", "No argument is allowed here"); // RFC 5321 §4.3.2
    }
    return command;
  }

  private static SmtpSyntaxException unreadable(String text) {
    return new SmtpSyntaxException(null, Reply.of(500, "5.5.2", text));
  }

  static boolean isDigits(String s) {
    return s.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The number, or {@link Long#MAX_VALUE} if it is larger. */
  static long saturated(String digits) {
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        return Long.MAX_VALUE;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
