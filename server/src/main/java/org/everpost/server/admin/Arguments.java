package org.everpost.server.admin;

import java.util.List;
import java.util.Optional;
import org.everpost.core.config.ByteSize;
import org.everpost.core.directory.Quota;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import picocli.CommandLine.ParseResult;

/** What stood behind a command's name, read as what it means. */
final class Arguments {

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

  /** A size with a unit, a bare number of octets, or {@code none}. */
  static Quota quota(String text) throws CommandException {
    if (text.equals("none")) {
      return Quota.UNLIMITED;
    }
    try {
      boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
      return new Quota(ByteSize.of(digits ? text + "B" : text).octets(), 0);
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }
}
