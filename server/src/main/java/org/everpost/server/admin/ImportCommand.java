package org.everpost.server.admin;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.everpost.core.directory.ImportListener;
import org.everpost.core.directory.ImportResult;
import org.everpost.core.event.Reason;
import org.everpost.core.time.Clock;

/** {@code everpost account import}. */
final class ImportCommand {

  private static final Duration PROGRESS = Duration.ofSeconds(1);

  private ImportCommand() {}

  static int run(Premises premises, Arguments arguments, Console console)
      throws IOException, CommandException {
    Reader csv;
    try {
      csv = new InputStreamReader(console.open(arguments.word(0)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandException(Reason.of(e), e);
    }
    ImportResult result;
    try (csv) {
      result =
          premises
              .foundation()
              .directory()
              .importAccounts(
                  csv,
                  premises.foundation().hashing()::problem,
                  new Listener(console, premises.foundation().clock()));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    console.line(
        arguments.flag("--json")
            ? Json.text(json(result))
            : "%d added, %d updated, %d unchanged, %d with a password set here, %d bad"
                .formatted(
                    result.added(),
                    result.updated(),
                    result.unchanged(),
                    result.kept(),
                    result.bad()));
    return result.bad() == 0 ? 0 : 1;
  }

  private static Map<String, Object> json(ImportResult result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("added", result.added());
    fields.put("updated", result.updated());
    fields.put("unchanged", result.unchanged());
    fields.put("kept", result.kept());
    fields.put("bad", result.bad());
    return fields;
  }

  /** Tells how it goes, once a second. */
  private static final class Listener implements ImportListener {
    private final Console console;
    private final Clock clock;
    private long told;

    Listener(Console console, Clock clock) {
      this.console = console;
      this.clock = clock;
      this.told = clock.nanoTime() - PROGRESS.toNanos(); // the first word comes at once
    }

    @Override
    public void progress(long lines) {
      long now = clock.nanoTime();
      if (now - told >= PROGRESS.toNanos()) {
        told = now;
        say(lines + " lines done");
      }
    }

    @Override
    public void badLine(long line, String reason) {
      say("line " + line + ": " + reason);
    }

    private void say(String words) {
      try {
        console.err(words);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
