package org.everpost.store.cassandra.managed;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One life of the child process. */
final class NodeProcess {

  private static final List<String> KEPT_VARIABLES = List.of("PATH", "LANG", "LC_ALL", "TZ");

  private final Process process;

  private NodeProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts the child. Its standard input stays open as long as this process lives and tells it so;
   * it gets none of our environment, which may hold secrets.
   */
  static NodeProcess start(List<String> command, Path directory, Path output) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(KEPT_VARIABLES);
    return new NodeProcess(builder.start());
  }

  long pid() {
    return process.pid();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Of a process that has ended. */
  int exitCode() {
    return process.exitValue();
  }

  /**
   * Asks the node to drain and end, and kills it if it has not within {@code limit}: it loses
   * nothing by that, since what it acknowledged is in its commit log.
   *
   * @return whether it had to be killed
   */
  boolean stop(Duration limit) {
    process.destroy();
    boolean killed = !ended(limit);
    if (killed) {
      process.destroyForcibly();
      process.onExit().join();
    }
    return killed;
  }

  /** Waits up to {@code limit} for its end; not any longer once interrupted. */
  boolean ended(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }
}
