package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.wire.imap.ReaderDriver.BEFORE_LOGIN;
import static org.everpost.wire.imap.ReaderDriver.LOGGED_IN;
import static org.everpost.wire.imap.ReaderDriver.failure;
import static org.everpost.wire.imap.ReaderDriver.steps;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 9051 §6.3.12, RFC 3502, RFC 3516 §4.4, RFC 6855 §4. */
class AppendCommandTest {

  @Test
  void exampleOfTheStandard() {
    AppendMessage message = new AppendMessage(List.of(Flag.SEEN), null, false, false, 310);
    assertThat(
            steps(
                "A003 APPEND saved-messages (\\Seen) {310}\r\n" + "x".repeat(310) + "\r\n",
                LOGGED_IN))
        .containsExactly(
            new CommandStep.Message("A003", "saved-messages", message, 0, true),
            append("A003", "saved-messages", message));
  }

  @Test
  void withDate() {
    AppendMessage message =
        new AppendMessage(
            List.of("\\Seen", "$Junk", "own"),
            Instant.parse("1996-07-17T09:44:25Z"),
            false,
            false,
            3);
    assertThat(
            steps(
                "a append inbox (\\seen $junk own OWN \\RECENT) \"17-Jul-1996 02:44:25 -0700\" "
                    + "{3+}\r\nabc\r\n",
                LOGGED_IN))
        .containsExactly(
            new CommandStep.Message("a", "INBOX", message, 0, false),
            append("a", "INBOX", message));
  }

  @Test
  void mailboxNameAsLiteral() {
    AppendMessage message = new AppendMessage(List.of(), null, false, false, 2);
    assertThat(steps("a APPEND {5}\r\nin ox {2}\r\nhi\r\nb NOOP\r\n", LOGGED_IN))
        .containsExactly(
            new CommandStep.Literal(5, true),
            new CommandStep.Message("a", "in ox", message, 0, true),
            append("a", "in ox", message),
            new CommandStep.Complete(new TaggedCommand("b", new ImapCommand.Noop())));
  }

  @Test
  void hugeMessage() {
    assertThat(steps("a APPEND x {5000000000}\r\n", LOGGED_IN))
        .containsExactly(
            new CommandStep.Message(
                "a",
                "x",
                new AppendMessage(List.of(), null, false, false, 5_000_000_000L),
                0,
                true));
  }

  @Test
  void severalMessages() {
    // RFC 3502 §6.3.11.
    AppendMessage first = new AppendMessage(List.of(Flag.SEEN), null, false, false, 4);
    AppendMessage second =
        new AppendMessage(List.of(), Instant.parse("1994-02-07T21:52:25Z"), false, false, 2);
    assertThat(
            steps(
                "A003 APPEND saved (\\Seen) {4}\r\nabcd"
                    + " \" 7-Feb-1994 22:52:25 +0100\" {2+}\r\nef\r\n",
                LOGGED_IN))
        .containsExactly(
            new CommandStep.Message("A003", "saved", first, 0, true),
            new CommandStep.Message("A003", "saved", second, 1, false),
            append("A003", "saved", first, second));
  }

  @Test
  void binaryAndUtf8() {
    AppendMessage binary = new AppendMessage(List.of(), null, true, false, 1);
    AppendMessage utf8 = new AppendMessage(List.of(Flag.DRAFT), null, true, true, 2);
    assertThat(steps("a APPEND x ~{1}\r\n\0 (\\Draft) UTF8 (~{2+}\r\nab)\r\n", LOGGED_IN))
        .containsExactly(
            new CommandStep.Message("a", "x", binary, 0, true),
            new CommandStep.Message("a", "x", utf8, 1, false),
            append("a", "x", binary, utf8));
    assertThat(steps("a APPEND x UTF8 (~{2+}\r\nab\r\n", LOGGED_IN).getLast())
        .isEqualTo(new CommandStep.Failed("a", "Expected ')'"));
    assertThat(failure("APPEND x UTF8 ({2}")).isEqualTo("Expected the message");
  }

  @Test
  void wrongSyntax() {
    assertThat(failure("APPEND x")).isEqualTo("APPEND needs the message as a literal");
    assertThat(failure("APPEND x \"text\"")).isEqualTo("APPEND needs the message as a literal");
    assertThat(failure("APPEND x(\\Seen) {3}")).isEqualTo("Expected a space");
    assertThat(failure("APPEND x (\\Seen){3}")).isEqualTo("Expected a space");
    assertThat(failure("APPEND x \"yesterday\" {3}")).isEqualTo("Not a date and time");
    assertThat(failure("APPEND x (\\Seen) y {3}")).isEqualTo("Expected the message");
    assertThat(steps("a APPEND x {1}\r\n? NOOP\r\n", LOGGED_IN).getLast())
        .isEqualTo(new CommandStep.Failed("a", "Too many arguments"));
  }

  @Test
  void wrongSyntaxWithTheMessageOnItsWay() {
    assertThat(steps("a APPEND x y {3+}\r\nabc {2+}\r\nde\r\nb NOOP\r\n", LOGGED_IN))
        .containsExactly(
            new CommandStep.Discard(3),
            new CommandStep.Discard(2),
            new CommandStep.Failed("a", "Expected the message"),
            new CommandStep.Complete(new TaggedCommand("b", new ImapCommand.Noop())));
  }

  @Test
  void wrongSyntaxAfterAMessage() {
    assertThat(steps("a APPEND x {3+}\r\nabc z {2+}\r\nde\r\nb NOOP\r\n", LOGGED_IN))
        .containsExactly(
            new CommandStep.Message(
                "a", "x", new AppendMessage(List.of(), null, false, false, 3), 0, false),
            new CommandStep.Discard(2),
            new CommandStep.Failed("a", "Expected the message"),
            new CommandStep.Complete(new TaggedCommand("b", new ImapCommand.Noop())));
  }

  @Test
  void tooManyMessages() {
    StringBuilder input = new StringBuilder("a APPEND x");
    input.repeat(" {1+}\r\nx", CommandContext.MAX_MESSAGES);
    assertThat(steps(input + "\r\n", LOGGED_IN).getLast()).isInstanceOf(CommandStep.Complete.class);
    assertThat(steps(input + " {1+}\r\nx\r\n", LOGGED_IN).getLast())
        .isEqualTo(new CommandStep.Failed("a", "Too many messages"));
  }

  @Test
  void noMessagesBeforeLogin() {
    assertThat(steps("a APPEND x {30000+}\r\n", BEFORE_LOGIN))
        .containsExactly(new CommandStep.Discard(30_000));
    assertThat(failure("APPEND x {30000}", BEFORE_LOGIN)).isEqualTo("Literal too long");
  }

  private static CommandStep append(String tag, String mailbox, AppendMessage... messages) {
    return new CommandStep.Complete(
        new TaggedCommand(tag, new ImapCommand.Append(mailbox, List.of(messages))));
  }
}
