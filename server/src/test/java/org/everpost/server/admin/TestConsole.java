package org.everpost.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A console that remembers what was written, and has what is to be read. */
final class TestConsole implements Console {

  private final StringBuilder out = new StringBuilder();
  private final StringBuilder err = new StringBuilder();
  private final Map<String, String> files = new HashMap<>();
  private InputStream in = InputStream.nullInputStream();

  TestConsole input(String text) {
    return input(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  TestConsole input(InputStream stream) {
    in = stream;
    return this;
  }

  TestConsole file(String name, String text) {
    files.put(name, text);
    return this;
  }

  String out() {
    return out.toString();
  }

  synchronized String err() {
    return err.toString();
  }

  /** Returns once something was written to standard error, which has to be within 20 s. */
  synchronized void awaitErr(String text) {
    long until = System.nanoTime() + 20_000_000_000L;
    while (!err.toString().contains(text)) {
      assertThat(System.nanoTime() - until).as(err.toString()).isNegative();
      try {
        wait(100);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void out(String text) {
    out.append(text);
  }

  @Override
  public synchronized void err(String line) {
    err.append(line).append('\n');
    notifyAll();
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public InputStream open(String file) throws IOException {
    String text = files.get(file);
    if (text == null) {
      throw new IOException(file + ": there is no such file");
    }
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void flush() {}
}
