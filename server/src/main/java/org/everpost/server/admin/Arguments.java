package org.everpost.server.admin;

import java.util.List;
import java.util.Optional;
import org.everpost.core.config.ByteSize;
import org.everpost.core.directory.SendingShare;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dsn.Language;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** What stood behind a command's name, read as what it means. */
final class Arguments {

  private static final int MAX_DIGITS = 18;

  private final ParseResult parsed;

  Arguments(ParseResult parsed) {
    this.parsed = parsed;
  }

  boolean flag(String option) {
    return parsed.hasMatchedOption(option);
  }

  Optional<String> option(String option) {
    return Optional.ofNullable(parsed.matchedOptionValue(option, null));
  }

  String word(int index) {
    return Optional.<String>ofNullable(parsed.matchedPositionalValue(index, null)).orElse("");
  }

  boolean has(int index) {
    return parsed.hasMatchedPositional(index);
  }

  DomainName domain(int index) throws CommandException {
    return domain(word(index));
  }

  static DomainName domain(String text) throws CommandException {
    try {
      return DomainName.of(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException("'" + text + "' is not a domain: " + e.getMessage(), e);
    }
  }

  EmailAddress address(int index) throws CommandException {
    return address(word(index));
  }

  static EmailAddress address(String text) throws CommandException {
    try {
      return EmailAddress.of(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  /** All words from an index on. */
  List<String> words(int from) {
    return parsed.matchedPositionals().stream()
        .flatMap(p -> p.stringValues().stream())
        .skip(from)
        .toList();
  }

  /** A quota: a size with a unit, a bare number of octets, or {@code none}, which is 0. */
  static long octets(String text) throws CommandException {
    if (text.equals("none")) {
      return 0;
    }
    try {
      return ByteSize.of(isNumber(text) ? text + "B" : text).octets();
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A quota: a number of messages, or {@code none}, which is 0. */
  static long messages(String text) throws CommandException {
    if (text.equals("none")) {
      return 0;
    }
    if (!isNumber(text) || text.length() > MAX_DIGITS) {
      throw new CommandException("'" + text + "' is not a number of messages");
    }
    return Long.parseLong(text);
  }

  /** How much an account may send: {@code usual}, a number with a percent sign, or {@code none}. */
  static SendingShare share(String text) throws CommandException {
    if (text.equals("usual")) {
      return new SendingShare.Usual();
    }
    if (text.equals("none")) {
      return new SendingShare.Unlimited();
    }
    String number = text.endsWith("%") ? text.substring(0, text.length() - 1) : "";
    if (!isNumber(number) || number.length() > MAX_DIGITS) {
      throw new CommandException("'" + text + "' is neither usual, a share like 200%, nor none");
    }
    try {
      return new SendingShare.Percent(Math.clamp(Long.parseLong(number), 0, Integer.MAX_VALUE));
    } catch (IllegalArgumentException e) {
      throw new CommandException("a limit is " + e.getMessage(), e);
    }
  }

  /** What somebody reads; null is {@code default}: what is configured for all. */
  static @Nullable Language language(String text) throws CommandException {
    if (text.equals("default")) {
      return null;
    }
    for (Language language : Language.values()) {
      if (language.tag().equals(text)) {
        return language;
      }
    }
    throw new CommandException("'" + text + "' is neither en, de nor default");
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
