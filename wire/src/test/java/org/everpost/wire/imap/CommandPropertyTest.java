package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.wire.imap.ReaderDriver.BEFORE_LOGIN;
import static org.everpost.wire.imap.ReaderDriver.LOGGED_IN;
import static org.everpost.wire.imap.ReaderDriver.LOGGED_IN_UTF8;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What holds for every command, and for every damaged one. */
class CommandPropertyTest {
  private static final String SPECIAL = " ()[]{}<>\"\\*%$+-.,:~\r\n\0\u00019";

  @Test
  void whatIsWrittenIsRead() {
    for (long seed = 0; seed < 2_000; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      boolean utf8 = random.nextBoolean();
      TaggedCommand command = new TaggedCommand("t" + seed, new RandomCommands(random).next());
      byte[] wire = new CommandWriter(random, utf8).write(command);
      List<CommandStep> steps = ReaderDriver.steps(wire, utf8 ? LOGGED_IN_UTF8 : LOGGED_IN);
      assertThat(steps.getLast())
          .as(() -> new String(wire, StandardCharsets.UTF_8))
          .isEqualTo(new CommandStep.Complete(command));
      if (command.command() instanceof ImapCommand.Append append) {
        assertThat(
                steps.stream()
                    .filter(CommandStep.Message.class::isInstance)
                    .map(step -> ((CommandStep.Message) step).message()))
            .isEqualTo(append.messages());
      }
    }
  }

  /** A damaged command may fail, but in no other way than it should. */
  @Test
  void damagedCommands() {
    for (long seed = 0; seed < 5_000; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      CommandWriter writer = new CommandWriter(random, false);
      byte[] wire = writer.write(new TaggedCommand("a", new RandomCommands(random).next()));
      for (int times = 1 + random.nextInt(4); times > 0; times--) {
        wire = damage(wire, random, writer);
      }
      check(wire);
    }
  }

  /** Whatever comes, the reader answers and ends at the start of a command or in wait for more. */
  static void check(byte[] wire) {
    for (CommandContext context : List.of(LOGGED_IN, LOGGED_IN_UTF8, BEFORE_LOGIN)) {
      for (CommandStep step : ReaderDriver.steps(wire, context)) {
        switch (step) {
          case CommandStep.Literal literal ->
              assertThat(literal.size()).isBetween(0, context.maxLiterals());
          case CommandStep.Message message -> {
            assertThat(context.authenticated()).isTrue();
            assertThat(message.message().size()).isNotNegative();
          }
          case CommandStep.Discard discard -> assertThat(discard.size()).isNotNegative();
          case CommandStep.Complete complete -> {
            assertThat(complete.command().tag()).isNotEmpty();
            assertThat(complete.command().command().toString()).isNotNull();
          }
          case CommandStep.Failed failed -> assertThat(failed.reason()).matches("[ -~]+");
        }
      }
    }
  }

  private static byte[] damage(byte[] wire, RandomGenerator random, CommandWriter writer) {
    int at = random.nextInt(wire.length);
    byte[] damaged = wire.clone();
    switch (random.nextInt(6)) {
      case 0 -> damaged[at] = (byte) random.nextInt(256);
      case 1 -> damaged[at] = (byte) SPECIAL.charAt(random.nextInt(SPECIAL.length()));
      case 2 ->
          damaged = join(Arrays.copyOf(wire, at), Arrays.copyOfRange(wire, at + 1, wire.length));
      case 3 -> damaged = join(wire, Arrays.copyOfRange(wire, at, wire.length));
      case 4 ->
          damaged =
              join(
                  join(Arrays.copyOf(wire, at), "{3+}\r\n".getBytes(StandardCharsets.US_ASCII)),
                  Arrays.copyOfRange(wire, at, wire.length));
      default -> {
        byte[] other = writer.write(new TaggedCommand("b", new RandomCommands(random).next()));
        int from = random.nextInt(other.length);
        damaged = join(Arrays.copyOf(wire, at), Arrays.copyOfRange(other, from, other.length));
      }
    }
    return damaged.length == 0 ? wire : damaged;
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
