package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A terminal (tmux) with a program in it, keys to press and a screen to look at. */
final class Terminal implements AutoCloseable {

  private static final String SESSION = "test";

  private final Path directory;

  /** Starts the program; its files and the terminal's socket are in the directory. */
  Terminal(Path directory, String... program) {
    this.directory = directory;
    List<String> words =
        new ArrayList<>(List.of("new-session", "-d", "-s", SESSION, "-x", "120", "-y", "40"));
    words.addAll(List.of(program));
    tmux(words).good();
  }

  private Tool.Result tmux(List<String> words) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("tmux", "-u", "-S", directory.resolve("tmux").toString(), "-f", "/dev/null"));
    command.addAll(words);
    return Tool.of(command)
        .in(directory)
        .environment("HOME", directory.toString())
        .environment("TERM", "xterm")
        .run();
  }

  /** Keys by their names in tmux; a name that is none is typed letter by letter. */
  Terminal press(String... keys) {
    List<String> words = new ArrayList<>(List.of("send-keys", "-t", SESSION));
    words.addAll(List.of(keys));
    tmux(words).good();
    return this;
  }

  String screen() {
    return tmux(List.of("capture-pane", "-p", "-t", SESSION)).out();
  }

  /** Waits until the screen shows it. */
  Terminal shows(String text) {
    Patience.await(() -> "'" + text + "' on\n" + screen(), () -> screen().contains(text));
    return this;
  }

  /** Waits until the program has ended, and the terminal with it. */
  void ends() {
    Patience.await(
        () -> "the end of\n" + screen(),
        () -> tmux(List.of("has-session", "-t", SESSION)).exit() != 0);
  }

  @Override
  public void close() {
    tmux(List.of("kill-server"));
    assertThat(tmux(List.of("has-session", "-t", SESSION)).exit()).isNotZero();
  }
}
