package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody does who has just heard of Everpost: {@code ./run}, and the commands it prints. */
@Tag("slow")
class RunScriptTest {

  @TempDir Path directory;

  @BeforeAll
  static void build() {
    Installation.build();
  }

  /** {@code ./run} in a terminal, so to say. */
  private final class Run implements AutoCloseable {
    private final Process process;
    private final Path out;

    Run(Path its, String... words) throws IOException {
      // Who runs in the background of a script ignores Ctrl-C, and so do all that it starts.
      List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
      command.add(Installation.ROOT.resolve("run").toString());
      command.addAll(List.of(words));
      out = its;
      process =
          Tool.start(
              Tool.of(command)
                  .environment("TMPDIR", directory.toString())
                  .builder()
                  .redirectErrorStream(true)
                  .redirectOutput(out.toFile()));
      Patience.await(this::text, () -> text().contains("Ctrl-C") || !process.isAlive());
      assertThat(text()).contains("Ctrl-C");
    }

    String text() {
      try {
        return Files.readString(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The lines to copy: those that are indented and are no table. */
    List<String> commands() {
      return text().lines().map(String::strip).filter(line -> line.contains("curl ")).toList();
    }

    List<ProcessHandle> children() {
      return process.descendants().toList();
    }

    /** What Ctrl-C does: SIGINT to all that run in the terminal. */
    void interrupt() throws IOException, InterruptedException {
      List<ProcessHandle> all = new ArrayList<>(children());
      all.add(process.toHandle());
      for (ProcessHandle each : all) {
        Tool.of("kill", "-INT", "" + each.pid()).run();
      }
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(text()).isZero();
      assertThat(all).noneMatch(ProcessHandle::isAlive);
    }

    @Override
    public void close() {
      children().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String shell(String command) {
    return Tool.of("bash", "-c", command).run().good().out();
  }

  @Test
  void theCommandsItPrintsWork() throws Exception {
    try (Run run = new Run(directory.resolve("out"))) {
      List<String> commands = run.commands();
      assertThat(commands).hasSize(3);
      shell(commands.get(0));
      assertThat(shell(commands.get(1))).contains("Subject: Hello").contains("Hello Bob!");
      assertThat(shell(commands.get(2))).contains("Subject: Hello").contains("Hello Bob!");
      run.interrupt();
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).as("thrown away").containsExactly(directory.resolve("out"));
    }
  }

  @Test
  void whatIsKeptIsThereTheNextTime() throws Exception {
    String kept = directory.resolve("kept").toString();
    List<String> before;
    try (Run run = new Run(directory.resolve("first"), "--keep", kept)) {
      before = run.commands();
      shell(before.getFirst());
      run.interrupt();
    }
    try (Run run = new Run(directory.resolve("second"), "--keep", kept)) {
      assertThat(run.commands()).isEqualTo(before);
      assertThat(shell(run.commands().get(2))).contains("Hello Bob!");
      run.interrupt();
    }
  }

  @Test
  void aMistakeIsExplained() {
    Tool.of(Installation.ROOT.resolve("run").toString(), "--nonsense")
        .run()
        .exited(2)
        .says("unknown option --nonsense", "Usage: ./run");
  }
}
