package org.everpost.server.admin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Where a command reads and writes: a terminal, pipes, or a client's at the control socket. */
interface Console {

  /** What means yes. */
  Set<String> YES = Set.of("y", "yes");

  /** Data, as it is. */
  void out(String text) throws IOException;

  /** One line of data. */
  default void line(String text) throws IOException {
    out(text + "\n");
  }

  /** One line of everything else. */
  void err(String line) throws IOException;

  /** Standard input. */
  InputStream in() throws IOException;

  /** The line a person was asked for; empty if there is none. */
  default String answer() throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(in(), StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line;
  }

  /** Whether that is a yes. */
  default boolean isAnsweredYes() throws IOException {
    return YES.contains(answer().strip().toLowerCase(Locale.ROOT));
  }

  /**
   * A file where the command was typed; {@code -} is standard input.
   *
   * @throws IOException if it cannot be read; the message says why
   */
  InputStream open(String file) throws IOException;

  /** Shows what was written so far. */
  void flush() throws IOException;
}
