package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that runs. It says {@code ready} on standard output; its standard error is its log,
 * which is kept.
 */
final class EverpostProcess implements AutoCloseable {

  /** Generous: the machine may be busy with other tests. */
  private static final Duration START = Duration.ofSeconds(60);

  /** What it promises: drained and gone within 10 s of the order to stop. */
  private static final Duration STOP = Duration.ofSeconds(10);

  private final Process process;
  private final Path log;

  private EverpostProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Returns when it is ready. */
  static EverpostProcess start(Tool serve, Path log) throws IOException {
    EverpostProcess server = launch(serve, log);
    String first = server.firstLine();
    if (!first.equals("ready")) {
      server.process.destroyForcibly();
      throw new AssertionError(
          "no server: it said '" + first + "', its log ends with\n" + server.lastLogLines());
    }
    return server;
  }

  /** Does not wait for it. */
  static EverpostProcess launch(Tool serve, Path log) throws IOException {
    Process process =
        Tool.start(serve.builder().redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())));
    process.getOutputStream().close();
    return new EverpostProcess(process, log);
  }

  private String firstLine() {
    CompletableFuture<String> line = new CompletableFuture<>();
    // Goes on reading for ever: nobody else does, and a full pipe would stop the server.
    Thread.ofVirtual().start(() -> readOutput(line));
    try {
      return line.get(START.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return "nothing for " + START;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void readOutput(CompletableFuture<String> first) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        first.complete(line);
      }
      first.complete("");
    } catch (IOException e) {
      first.completeExceptionally(e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The processes it has started and not ended. */
  List<ProcessHandle> children() {
    return process.children().toList();
  }

  /** SIGTERM: it ends with 0 within 10 s. */
  void stop() {
    if (process.isAlive()) {
      process.destroy();
      assertThat(ended(STOP)).as("over 10 s after SIGTERM; log: %s", log).isTrue();
      assertThat(process.exitValue()).as("after SIGTERM; log: %s", log).isZero();
    }
  }

  /** SIGKILL, as by a power cut. */
  void kill() {
    process.destroyForcibly();
    assertThat(ended(STOP)).isTrue();
  }

  private boolean ended(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  List<String> logLines() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String lastLogLines() {
    List<String> lines = logLines();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /** Stops it and looks whether it had anything to complain of. */
  @Override
  public void close() {
    try {
      stop();
    } finally {
      process.destroyForcibly();
    }
    assertThat(logLines()).as("the log %s", log).noneMatch(line -> line.contains(" level=error "));
  }
}
