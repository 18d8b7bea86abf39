package org.everpost.server.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * Has the server that runs do what was typed, and loads next to nothing for it, neither what reads
 * words nor what reads the configuration: for an operator who asks how it is while the processors
 * are all taken.
 */
public final class Ask {

  /** How long a command waits for others, and for the server that runs to begin with it. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int REFUSED = 1;

  private Ask() {}

  /** For the console of this process, if {@code status} was typed; none if nothing was done. */
  public static OptionalInt run(String... words) {
    List<String> all = List.of(words);
    try {
      return all.contains("status")
          ? run(all, Path.of(""), PATIENCE, new ProcessConsole())
          : OptionalInt.empty();
    } catch (IOException e) {
      return OptionalInt.of(REFUSED); // whoever reads what is written has gone
    }
  }

  /**
   * Does it; none if nothing was done.
   *
   * @param directory where {@code everpost.toml} is looked for first
   * @param patience how long to wait for the server to begin with it
   */
  static OptionalInt run(List<String> words, Path directory, Duration patience, Console console)
      throws IOException {
    Path file = ConfigFile.find(directory, ConfigFile.named(words));
    Path data = file == null ? null : ConfigFile.data(file);
    if (data == null) {
      return OptionalInt.empty();
    }
    try {
      return ControlClient.ask(data, new Frames.Typed(words, true), patience, console);
    } catch (CommandException e) {
      Refusal.of(String.valueOf(e.getMessage())).tell(console, words.contains("--json"));
      return OptionalInt.of(REFUSED);
    }
  }
}
