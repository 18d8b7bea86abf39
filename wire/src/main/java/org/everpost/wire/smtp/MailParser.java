package org.everpost.wire.smtp;

import java.util.Locale;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Mail;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.jspecify.annotations.Nullable;

/** Parses {@code MAIL FROM:<path> [parameters]} (RFC 5321 §4.1.1.2). */
final class MailParser {

  /** RFC 3461 §4.4. */
  private static final int MAX_ENVID = 100;

  /** RFC 4954 §3. */
  private static final int MAX_AUTH = 500;

  private MailParser() {}

  static SmtpCommand parse(Cursor cursor) throws SmtpSyntaxException {
    if (!cursor.skipIgnoringCase("FROM:")) {
      throw cursor.error(501, "5.5.4", "Syntax: MAIL FROM:<address>");
    }
    Path from = PathParser.reversePath(cursor);
    long size = Mail.NO_SIZE;
    Body body = Body.SEVEN_BIT;
    boolean smtpUtf8 = false;
    Ret ret = null;
    String envid = null;
    String auth = null;
    boolean requireTls = false;
    Parameters parameters = new Parameters(cursor);
    while (parameters.next()) {
      switch (parameters.keyword()) {
        case "SIZE" -> size = size(parameters);
        case "BODY" -> body = body(parameters);
        case "SMTPUTF8" -> {
          parameters.noValue(); // RFC 6531 §3.4
          smtpUtf8 = true;
        }
        case "RET" -> ret = ret(parameters);
        case "ENVID" -> envid = xtext(parameters, MAX_ENVID);
        case "AUTH" -> auth = xtext(parameters, MAX_AUTH);
        case "REQUIRETLS" -> {
          parameters.noValue(); // RFC 8689 §2
          requireTls = true;
        }
        default -> throw parameters.unknown();
      }
    }
    if (from.isInternationalised() && !smtpUtf8) {
      throw cursor.error(550, "5.6.7", "This address needs SMTPUTF8"); // RFC 6531 §3.5
    }
    return new Mail(from, size, body, smtpUtf8, ret, envid, auth, requireTls);
  }

  /** RFC 1870 §4: 1*20DIGIT. */
  private static long size(Parameters parameters) throws SmtpSyntaxException {
    String digits = parameters.value();
    if (digits.length() > 20 || !SmtpParser.isDigits(digits)) {
      throw parameters.invalid();
    }
    return SmtpParser.saturated(digits);
  }

  private static Body body(Parameters parameters) throws SmtpSyntaxException {
    return switch (parameters.value().toUpperCase(Locale.ROOT)) {
      case "7BIT" -> Body.SEVEN_BIT;
      case "8BITMIME" -> Body.EIGHT_BIT_MIME;
      case "BINARYMIME" -> Body.BINARY_MIME;
      default -> throw parameters.invalid();
    };
  }

  private static Ret ret(Parameters parameters) throws SmtpSyntaxException {
    return switch (parameters.value().toUpperCase(Locale.ROOT)) {
      case "FULL" -> Ret.FULL;
      case "HDRS" -> Ret.HDRS;
      default -> throw parameters.invalid();
    };
  }

  private static String xtext(Parameters parameters, int maxOctets) throws SmtpSyntaxException {
    String value = parameters.value();
    @Nullable String decoded = value.length() > maxOctets ? null : Xtext.decode(value);
    if (decoded == null) {
      throw parameters.invalid();
    }
    return decoded;
  }
}
