package org.everpost.wire.pop3;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Parses command lines (RFC 1939 §9, RFC 2449 §4). */
public final class Pop3Parser {

  /**
   * The longest command line without its end (RFC 2449 §4; longer than 255 for AUTH, RFC 5034 §4).
   */
  public static final int MAX_LINE_OCTETS = 16_384;

  private Pop3Parser() {}

  /** Parses a line without its end. */
  public static Pop3Command parse(byte[] line) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      return new Pop3Command.Malformed("commands are UTF-8");
    }
    int space = text.indexOf(' ');
    String keyword = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
    String rest = space < 0 ? "" : text.substring(space + 1);
    if (keyword.equals("PASS")) {
      return rest.isEmpty()
          ? new Pop3Command.Malformed("PASS password")
          : new Pop3Command.Pass(rest);
    }
    String[] arguments = rest.isBlank() ? new String[0] : rest.strip().split(" +");
    return switch (keyword) {
      case "USER" ->
          arguments.length == 1
              ? new Pop3Command.User(arguments[0])
              : new Pop3Command.Malformed("USER name");
      case "AUTH" -> auth(arguments);
      case "LIST" -> optional(arguments, "LIST [number]", Pop3Command.ListSizes::new);
      case "UIDL" -> optional(arguments, "UIDL [number]", Pop3Command.Uidl::new);
      case "RETR" -> one(arguments, "RETR number", Pop3Command.Retr::new);
      case "DELE" -> one(arguments, "DELE number", Pop3Command.Dele::new);
      case "TOP" -> top(arguments);
      case "CAPA" -> plain(arguments, new Pop3Command.Capa());
      case "STLS" -> plain(arguments, new Pop3Command.Stls());
      case "UTF8" -> plain(arguments, new Pop3Command.Utf8());
      case "STAT" -> plain(arguments, new Pop3Command.Stat());
      case "NOOP" -> plain(arguments, new Pop3Command.Noop());
      case "RSET" -> plain(arguments, new Pop3Command.Rset());
      case "QUIT" -> plain(arguments, new Pop3Command.Quit());
      default -> new Pop3Command.Unknown();
    };
  }

  private static Pop3Command auth(String[] arguments) {
    return switch (arguments.length) {
      case 0 -> new Pop3Command.Auth(null, null);
      case 1 -> new Pop3Command.Auth(arguments[0].toUpperCase(Locale.ROOT), null);
      case 2 -> new Pop3Command.Auth(arguments[0].toUpperCase(Locale.ROOT), arguments[1]);
      default -> new Pop3Command.Malformed("AUTH mechanism [initial-response]");
    };
  }

  private static Pop3Command top(String[] arguments) {
    if (arguments.length == 2) {
      int message = number(arguments[0]);
      int lines = number(arguments[1]);
      if (message > 0 && lines >= 0) {
        return new Pop3Command.Top(message, lines);
      }
    }
    return new Pop3Command.Malformed("TOP number lines");
  }

  private static Pop3Command plain(String[] arguments, Pop3Command command) {
    return arguments.length == 0 ? command : new Pop3Command.Malformed("no arguments");
  }

  private static Pop3Command one(
      String[] arguments, String usage, IntFunction<Pop3Command> command) {
    int message = arguments.length == 1 ? number(arguments[0]) : -1;
    return message > 0 ? command.apply(message) : new Pop3Command.Malformed(usage);
  }

  private static Pop3Command optional(
      String[] arguments, String usage, Function<@Nullable Integer, Pop3Command> command) {
    if (arguments.length == 0) {
      return command.apply(null);
    }
    int message = arguments.length == 1 ? number(arguments[0]) : -1;
    return message > 0 ? command.apply(message) : new Pop3Command.Malformed(usage);
  }

  /** Up to nine digits; -1 if it is something else. */
  private static int number(String text) {
    if (text.isEmpty() || text.length() > 9) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value;
  }
}
