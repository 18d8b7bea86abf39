package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A program that is not ours, about to be run: with its input, its time and what it said. */
record Tool(
    List<String> command,
    String input,
    Map<String, String> environment,
    @Nullable Path directory,
    Duration time) {

  private static final Duration USUAL_TIME = Duration.ofMinutes(2);

  /** The Debian package of a program that is not called like it. */
  private static final Map<String, String> PACKAGES =
      Map.of("mbsync", "isync", "ldns-keygen", "ldnsutils", "ldns-signzone", "ldnsutils");

  static Tool of(String program, String... arguments) {
    return of(Stream.concat(Stream.of(program), Stream.of(arguments)).toList());
  }

  static Tool of(List<String> command) {
    return new Tool(command, "", Map.of(), null, USUAL_TIME);
  }

  Tool input(String text) {
    return new Tool(command, text, environment, directory, time);
  }

  Tool environment(String name, String value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(name, value);
    return new Tool(command, input, more, directory, time);
  }

  Tool in(Path its) {
    return new Tool(command, input, environment, its, time);
  }

  Tool within(Duration atMost) {
    return new Tool(command, input, environment, directory, atMost);
  }

  /** What a program left behind. */
  record Result(List<String> command, int exit, String out, String err) {

    /** It did what it was asked to do. */
    Result good() {
      assertThat(exit).as("%s", this).isZero();
      return this;
    }

    /** It says it could not. */
    Result bad() {
      assertThat(exit).as("%s", this).isNotZero();
      return this;
    }

    Result exited(int code) {
      assertThat(exit).as("%s", this).isEqualTo(code);
      return this;
    }

    Result says(String... words) {
      assertThat(out + err).as("%s", this).contains(words);
      return this;
    }

    @Override
    public String toString() {
      return "%s%nexit %d%n--- output%n%s%n--- errors%n%s"
          .formatted(String.join(" ", command), exit, out, err);
    }
  }

  /** Runs it to its end, or fails when its time is over. */
  Result run() {
    Path files = null;
    try {
      files = Files.createTempDirectory("everpost-tool");
      return run(files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(files);
    }
  }

  private Result run(Path files) throws IOException {
    Path in = Files.writeString(files.resolve("in"), input);
    Path out = files.resolve("out");
    Path err = files.resolve("err");
    Process process =
        start(
            builder()
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile()));
    boolean ended = waitFor(process);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    int exit = ended ? process.exitValue() : -1;
    Result result = new Result(command, exit, text(out), text(err));
    assertThat(ended).as("not over after %s: %s", time, result).isTrue();
    return result;
  }

  /** Octets that are no UTF-8 come as they may: only tests of other things print them. */
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private boolean waitFor(Process process) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** For a program that goes on while the test does. */
  ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
    builder.environment().putAll(environment);
    // The words of a program must not depend on who runs the tests.
    builder.environment().put("LC_ALL", "C.UTF-8");
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    return builder;
  }

  /** Starts it, or says which package is missing. */
  static Process start(ProcessBuilder builder) throws IOException {
    try {
      return builder.start();
    } catch (IOException e) {
      String program = builder.command().getFirst();
      throw new IOException(
          program + " cannot be run: apt install " + PACKAGES.getOrDefault(program, program), e);
    }
  }

  /** Deletes a directory with all that is in it. */
  static void delete(@Nullable Path directory) {
    if (directory == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
