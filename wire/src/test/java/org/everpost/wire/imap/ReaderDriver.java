package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Feeds a {@link CommandReader} the way a server does, from all that a client ever sends. */
final class ReaderDriver {
  static final CommandContext LOGGED_IN = new CommandContext(true, false);
  static final CommandContext LOGGED_IN_UTF8 = new CommandContext(true, true);
  static final CommandContext BEFORE_LOGIN = new CommandContext(false, false);

  private ReaderDriver() {}

  /** All steps, until the input ends. */
  static List<CommandStep> steps(byte[] input, CommandContext context) {
    CommandReader reader = new CommandReader();
    List<CommandStep> steps = new ArrayList<>();
    int at = 0;
    while (at < input.length) {
      int end = at;
      while (end < input.length && input[end] != '\n') {
        end++;
      }
      int lineEnd = end > at && input[end - 1] == '\r' ? end - 1 : end;
      CommandStep step = reader.line(Arrays.copyOfRange(input, at, lineEnd), context);
      steps.add(step);
      at = Math.min(end + 1, input.length);
      switch (step) {
        case CommandStep.Literal literal -> {
          if (input.length - at < literal.size()) {
            return steps;
          }
          reader.literal(Arrays.copyOfRange(input, at, at + literal.size()));
          at += literal.size();
        }
        case CommandStep.Message message ->
            at += (int) Math.min(input.length - at, message.message().size());
        case CommandStep.Discard discard -> at += (int) Math.min(input.length - at, discard.size());
        case CommandStep.Complete _, CommandStep.Failed _ -> assertThat(reader.atStart()).isTrue();
      }
    }
    return steps;
  }

  static List<CommandStep> steps(String input, CommandContext context) {
    return steps(input.getBytes(StandardCharsets.UTF_8), context);
  }

  /** The one command of the text, given without its tag and last CRLF. */
  static ImapCommand parse(String text) {
    return parse(text, LOGGED_IN);
  }

  static ImapCommand parse(String text, CommandContext context) {
    CommandStep last = steps("A1 " + text + "\r\n", context).getLast();
    assertThat(last).as(text).isInstanceOf(CommandStep.Complete.class);
    TaggedCommand command = ((CommandStep.Complete) last).command();
    assertThat(command.tag()).isEqualTo("A1");
    return command.command();
  }

  /** Why the command of the text, given without its tag and last CRLF, fails. */
  static String failure(String text) {
    return failure(text, LOGGED_IN);
  }

  static String failure(String text, CommandContext context) {
    CommandStep last = steps("A1 " + text + "\r\n", context).getLast();
    assertThat(last).as(text).isInstanceOf(CommandStep.Failed.class);
    CommandStep.Failed failed = (CommandStep.Failed) last;
    assertThat(failed.tag()).isEqualTo("A1");
    return failed.reason();
  }
}
