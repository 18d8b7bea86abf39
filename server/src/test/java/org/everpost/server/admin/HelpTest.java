package org.everpost.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code --help} says, of each command there is. */
class HelpTest {

  @TempDir private Path directory;

  private static Stream<CommandSpec> commands() {
    Command serve = new Command.Configured((_, _, _) -> 0);
    CommandSpec root = CommandTree.build(serve, List.of());
    return withThoseBelow(CommandTree.build(serve, List.copyOf(root.subcommands().keySet())));
  }

  private static Stream<CommandSpec> withThoseBelow(CommandSpec spec) {
    return Stream.concat(
        Stream.of(spec),
        spec.subcommands().values().stream()
            .map(CommandLine::getCommandSpec)
            .flatMap(HelpTest::withThoseBelow));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelp(CommandSpec spec) throws IOException {
    List<String> words = List.of((spec.qualifiedName() + " --help").split(" ", -1));
    TestConsole console = new TestConsole();
    Program program = new Program((_, _) -> {}, directory);
    PrintStream before = System.err;
    ByteArrayOutputStream complaints = new ByteArrayOutputStream(); // of picocli, about our words
    System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
    try {
      assertThat(program.run(words.subList(1, words.size()), console)).isZero();
    } finally {
      System.setErr(before);
    }
    assertThat(complaints.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(console.out())
        .startsWith("Usage: " + spec.qualifiedName())
        .contains("--config=FILE");
  }
}
