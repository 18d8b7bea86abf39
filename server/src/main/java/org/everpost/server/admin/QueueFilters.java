package org.everpost.server.admin;

import org.everpost.core.spool.SpoolId;
import org.everpost.server.outbound.QueueFilter;
import org.jspecify.annotations.Nullable;

/** What was typed about messages of the queue, read as what it means. */
final class QueueFilters {

  private QueueFilters() {}

  static QueueFilter of(Arguments arguments) throws CommandException {
    String age = option(arguments, "--older-than");
    try {
      return new QueueFilter(
          option(arguments, "--sender"),
          option(arguments, "--from"),
          option(arguments, "--to"),
          arguments.flag("--held"),
          age == null ? null : Age.parse(age));
    } catch (IllegalArgumentException e) {
      throw new CommandException("neither an address nor a domain: " + e.getMessage(), e);
    }
  }

  private static @Nullable String option(Arguments arguments, String name) {
    return arguments.option(name).orElse(null);
  }

  static SpoolId id(String text) throws CommandException {
    try {
      return SpoolId.of(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }

  static String absent(SpoolId id) {
    return "there is no message " + id + " in the queue";
  }
}
