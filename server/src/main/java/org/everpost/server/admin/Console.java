package org.everpost.server.admin;

import java.io.IOException;
import java.io.InputStream;

/** Where a command reads and writes: a terminal, pipes, or a client's at the control socket. */
interface Console {

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

  /**
   * A file where the command was typed; {@code -} is standard input.
   *
   * @throws IOException if it cannot be read; the message says why
   */
  InputStream open(String file) throws IOException;

  /** Shows what was written so far. */
  void flush() throws IOException;
}
