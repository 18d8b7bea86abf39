package org.everpost.wire.smtp;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.everpost.wire.address.LocalPart;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.everpost.wire.smtp.SmtpCommand.Rcpt;
import org.jspecify.annotations.Nullable;

/** Parses {@code RCPT TO:<path> [parameters]} (RFC 5321 §4.1.1.3). */
final class RcptParser {

  /** RFC 3461 §4.2. */
  private static final int MAX_ORCPT = 500;

  private RcptParser() {}

  static SmtpCommand parse(Cursor cursor) throws SmtpSyntaxException {
    if (!cursor.skipIgnoringCase("TO:")) {
      throw cursor.error(501, "5.5.4", "Syntax: RCPT TO:<address>");
    }
    Path to = PathParser.forwardPath(cursor);
    Set<Notify> notify = Set.of();
    String orcpt = null;
    Parameters parameters = new Parameters(cursor);
    while (parameters.next()) {
      switch (parameters.keyword()) {
        case "NOTIFY" -> notify = notify(parameters);
        case "ORCPT" -> orcpt = orcpt(parameters);
        default -> throw parameters.unknown();
      }
    }
    return new Rcpt(to, notify, orcpt);
  }

  /** RFC 3461 §4.1: NEVER stands alone. */
  private static Set<Notify> notify(Parameters parameters) throws SmtpSyntaxException {
    EnumSet<Notify> set = EnumSet.noneOf(Notify.class);
    for (String word : parameters.value().toUpperCase(Locale.ROOT).split(",", -1)) {
      Notify notify =
          switch (word) {
            case "NEVER" -> Notify.NEVER;
            case "SUCCESS" -> Notify.SUCCESS;
            case "FAILURE" -> Notify.FAILURE;
            case "DELAY" -> Notify.DELAY;
            default -> throw parameters.invalid();
          };
      if (!set.add(notify)) {
        throw parameters.invalid();
      }
    }
    if (set.contains(Notify.NEVER) && set.size() > 1) {
      throw parameters.invalid();
    }
    return set;
  }

  /**
   * RFC 3461 §4.2: addr-type ";" xtext; RFC 6533 §3 for the type utf-8. Postfix calls an address
   * beyond ASCII rfc822 all the same, with its octets in xtext: it becomes what it is.
   */
  private static String orcpt(Parameters parameters) throws SmtpSyntaxException {
    String value = parameters.value();
    int semicolon = value.indexOf(';');
    if (value.length() > MAX_ORCPT || semicolon < 1) {
      throw parameters.invalid();
    }
    String type = value.substring(0, semicolon);
    String text = value.substring(semicolon + 1);
    @Nullable String address =
        type.equalsIgnoreCase("utf-8") ? Xtext.decodeUnicode(text) : Xtext.decode(text);
    if (address == null && type.equalsIgnoreCase("rfc822")) {
      type = "utf-8";
      address = Xtext.decodeUtf8(text);
    }
    boolean atom = type.chars().allMatch(c -> c < 127 && LocalPart.isAtomText(c));
    if (address == null || address.isEmpty() || !atom) {
      throw parameters.invalid();
    }
    return type + ";" + address;
  }
}
