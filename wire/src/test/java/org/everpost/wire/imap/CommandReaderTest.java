package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.everpost.wire.imap.ReaderDriver.BEFORE_LOGIN;
import static org.everpost.wire.imap.ReaderDriver.LOGGED_IN;
import static org.everpost.wire.imap.ReaderDriver.steps;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CommandReaderTest {
  private final CommandReader reader = new CommandReader();

  @Test
  void commandOfOneLine() {
    assertThat(line("a001 noop")).isEqualTo(complete("a001", new ImapCommand.Noop()));
    assertThat(reader.atStart()).isTrue();
  }

  @Test
  void synchronizingLiterals() {
    // RFC 9051 §4.3.
    assertThat(line("A001 LOGIN {11}")).isEqualTo(new CommandStep.Literal(11, true));
    assertThat(reader.atStart()).isFalse();
    literal("FRED FOOBAR");
    assertThat(line(" {7}")).isEqualTo(new CommandStep.Literal(7, true));
    literal("fat man");
    assertThat(line(""))
        .isEqualTo(complete("A001", new ImapCommand.Login("FRED FOOBAR", "fat man")));
  }

  @Test
  void nonSynchronizingLiteral() {
    assertThat(line("A001 LOGIN {4+}")).isEqualTo(new CommandStep.Literal(4, false));
    literal("fred");
    assertThat(line(" x")).isEqualTo(complete("A001", new ImapCommand.Login("fred", "x")));
  }

  @Test
  void literalMayHoldAnythingButNul() {
    line("A LOGIN x {9}");
    literal("a\r\n{3}\r\n\"");
    assertThat(line("")).isEqualTo(complete("A", new ImapCommand.Login("x", "a\r\n{3}\r\n\"")));
    line("A LOGIN x {1}");
    literal("\0");
    assertThat(line("")).isEqualTo(new CommandStep.Failed("A", "NUL in a literal"));
  }

  @Test
  void emptyLiteral() {
    line("A LOGIN x {0}");
    literal("");
    assertThat(line("")).isEqualTo(complete("A", new ImapCommand.Login("x", "")));
  }

  @Test
  void literalOnlyWhenDue() {
    assertThatThrownBy(() -> literal("x")).isInstanceOf(IllegalStateException.class);
    line("A LOGIN {2}");
    assertThatThrownBy(() -> line("x")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> literal("x")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void failureCarriesTheTag() {
    assertThat(line("A7 LOGIN fred")).isEqualTo(new CommandStep.Failed("A7", "Argument missing"));
    assertThat(line("A8 LOGIN")).isEqualTo(new CommandStep.Failed("A8", "Arguments missing"));
    assertThat(line("A9")).isEqualTo(new CommandStep.Failed("A9", "Argument missing"));
    assertThat(line("")).isEqualTo(new CommandStep.Failed(null, "Tag missing"));
    assertThat(line("+ NOOP")).isEqualTo(new CommandStep.Failed(null, "Tag missing"));
    assertThat(line("A NOOP x")).isEqualTo(new CommandStep.Failed("A", "Too many arguments"));
    assertThat(line("A NOOP")).isEqualTo(complete("A", new ImapCommand.Noop()));
  }

  @Test
  void unknownCommands() {
    assertThat(line("A FROB x (y")).isEqualTo(complete("A", new ImapCommand.Unknown("FROB")));
    assertThat(line("A frob")).isEqualTo(complete("A", new ImapCommand.Unknown("FROB")));
    assertThat(line("A UID frob 1")).isEqualTo(complete("A", new ImapCommand.Unknown("UID FROB")));
    assertThat(line("A UID NOOP 1")).isEqualTo(complete("A", new ImapCommand.Unknown("UID NOOP")));
    assertThat(line("A UID LIST 1")).isEqualTo(complete("A", new ImapCommand.Unknown("UID LIST")));
    assertThat(line("GET / HTTP/1.1")).isEqualTo(complete("GET", new ImapCommand.Unknown("/")));
    assertThat(line("A " + "X".repeat(99)))
        .isEqualTo(complete("A", new ImapCommand.Unknown("X".repeat(32))));
  }

  @Test
  void tooLongLiteralIsRefusedAtOnce() {
    assertThat(line("A LOGIN {8193}", BEFORE_LOGIN))
        .isEqualTo(new CommandStep.Failed("A", "Literal too long"));
    assertThat(line("A LOGIN {99999999999999999999999}"))
        .isEqualTo(new CommandStep.Failed("A", "Literal too long"));
    assertThat(reader.atStart()).isTrue();
  }

  @Test
  void literalsAreLimitedTogether() {
    assertThat(line("A LOGIN {8000}", BEFORE_LOGIN)).isInstanceOf(CommandStep.Literal.class);
    literal("x".repeat(8000));
    assertThat(line(" {193}", BEFORE_LOGIN))
        .isEqualTo(new CommandStep.Failed("A", "Literal too long"));
  }

  @Test
  void tooLongLiteralThatComesAnywayIsDropped() {
    // RFC 7888 §4: the server reads and drops it, or hangs up.
    assertThat(line("A LOGIN {900000+}")).isEqualTo(new CommandStep.Discard(900_000));
    assertThat(reader.atStart()).isFalse();
    assertThat(line(" {5+}")).isEqualTo(new CommandStep.Discard(5));
    assertThat(line(" x")).isEqualTo(new CommandStep.Failed("A", "Literal too long"));
    assertThat(line("B NOOP")).isEqualTo(complete("B", new ImapCommand.Noop()));
  }

  @Test
  void failedCommandEndsAtASynchronizingLiteral() {
    assertThat(line("A LOGIN {900000+}")).isEqualTo(new CommandStep.Discard(900_000));
    assertThat(line(" {5}")).isEqualTo(new CommandStep.Failed("A", "Literal too long"));
    assertThat(reader.atStart()).isTrue();
  }

  @Test
  void tooLongLine() {
    assertThat(line("A LOGIN " + "x".repeat(17_000), BEFORE_LOGIN))
        .isEqualTo(new CommandStep.Failed("A", "Command too long"));
    assertThat(line("A SEARCH UID 1" + ",1".repeat(32_000)))
        .isInstanceOf(CommandStep.Complete.class);
    assertThat(line("A SEARCH UID 1" + ",1".repeat(33_000)))
        .isEqualTo(new CommandStep.Failed("A", "Command too long"));
  }

  @Test
  void manyLinesAreLimitedTogether() {
    String part = " " + "x".repeat(60_000) + " {0+}";
    assertThat(line("A FROB {0+}")).isInstanceOf(CommandStep.Literal.class);
    literal("");
    for (int i = 0; i < 4; i++) {
      assertThat(line(part)).isInstanceOf(CommandStep.Literal.class);
      literal("");
    }
    assertThat(line(part)).isEqualTo(new CommandStep.Discard(0));
    assertThat(line("")).isEqualTo(new CommandStep.Failed("A", "Command too long"));
  }

  @Test
  void quotedStringDoesNotReachIntoTheNextLine() {
    line("A LOGIN \"x {3}");
    literal("abc");
    assertThat(line("\" y"))
        .isEqualTo(new CommandStep.Failed("A", "Wrong character in a quoted string"));
  }

  @Test
  void resetForgetsTheCommand() {
    line("A LOGIN {3}");
    reader.reset();
    assertThat(line("B NOOP")).isEqualTo(complete("B", new ImapCommand.Noop()));
  }

  @Test
  void pipelinedCommands() {
    assertThat(steps("1 NOOP\r\n2 LOGIN {1+}\r\nx {1+}\r\ny\r\n3 CHECK\r\n", LOGGED_IN))
        .containsExactly(
            complete("1", new ImapCommand.Noop()),
            new CommandStep.Literal(1, false),
            new CommandStep.Literal(1, false),
            complete("2", new ImapCommand.Login("x", "y")),
            complete("3", new ImapCommand.Check()));
  }

  private CommandStep line(String line) {
    return line(line, LOGGED_IN);
  }

  private CommandStep line(String line, CommandContext context) {
    return reader.line(line.getBytes(StandardCharsets.UTF_8), context);
  }

  private void literal(String text) {
    reader.literal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static CommandStep complete(String tag, ImapCommand command) {
    return new CommandStep.Complete(new TaggedCommand(tag, command));
  }
}
