package org.everpost.server.admin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** A console whose standard input is the one line that was read of it, so that nobody waits. */
final class AnsweredConsole implements Console {

  /** More than any answer has; the rest of a longer line is left. */
  private static final int MAX_OCTETS = 4_096;

  private final Console console;
  private final InputStream line;

  private AnsweredConsole(Console console, byte[] line) {
    this.console = console;
    this.line = new ByteArrayInputStream(line);
  }

  /** Reads the line, as long as that takes. */
  static Console await(Console console) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    InputStream in = console.in();
    for (int b = in.read(); b >= 0 && line.size() < MAX_OCTETS; b = in.read()) {
      line.write(b);
      if (b == '\n') {
        break;
      }
    }
    return new AnsweredConsole(console, line.toByteArray());
  }

  @Override
  public InputStream in() {
    return line;
  }

  @Override
  public void out(String text) throws IOException {
    console.out(text);
  }

  @Override
  public void err(String text) throws IOException {
    console.err(text);
  }

  @Override
  public InputStream open(String file) throws IOException {
    return console.open(file);
  }

  @Override
  public void flush() throws IOException {
    console.flush();
  }
}
