package org.everpost.testkit.botnet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.everpost.testkit.botnet.Journal.Entry;
import org.everpost.testkit.botnet.Journal.Outcome;
import org.everpost.testkit.botnet.Journal.Series;

/**
 * Somebody at a shell of the machine who has one command done again and again. The shell is started
 * before anything else, so that no process of the generator, with its thousands of files, has to
 * fork.
 */
public final class Operator implements AutoCloseable {

  private final Series series;
  private final String command;
  private final Process shell;
  private final Writer in;
  private final BufferedReader out;
  private final Pace pace = new Pace();

  /** Logs in, and does nothing yet. */
  public Operator(Series series, String command) {
    this.series = series;
    this.command = command;
    try {
      shell = new ProcessBuilder("sh").redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    in = shell.outputWriter(StandardCharsets.UTF_8);
    out = shell.inputReader(StandardCharsets.UTF_8);
  }

  /** From now on has it done, with such pauses. */
  public void begin(Journal journal, Duration pause) {
    pace.repeatedly(pause, _ -> once(journal));
  }

  private void once(Journal journal) {
    long begin = journal.now();
    String answer;
    try {
      in.write(command + " >/dev/null 2>&1; echo \"exit $?\"\n");
      in.flush();
      answer = String.valueOf(out.readLine());
    } catch (IOException e) {
      answer = String.valueOf(e.getMessage());
    }
    Outcome outcome = answer.equals("exit 0") ? Outcome.DONE : Outcome.FAILED;
    journal.add(new Entry(series, 0, begin, journal.now() - begin, 1, outcome, answer));
  }

  @Override
  public void close() {
    pace.close();
    shell.descendants().forEach(ProcessHandle::destroy);
    shell.destroy();
  }
}
