package org.everpost.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.everpost.core.event.EventSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a server that runs, and when it is left to others. */
class AskTest {

  @TempDir private Path directory;

  private final TestConsole console = new TestConsole();

  private OptionalInt ask(String... words) throws IOException {
    return Ask.run(List.of(words), directory, Ask.PATIENCE, console);
  }

  private void config(String text) throws IOException {
    Files.writeString(directory.resolve("everpost.toml"), text);
  }

  /** It does what ends in "me", and says what it was. */
  private static final ControlSocket.Commands ECHO =
      new ControlSocket.Commands() {
        @Override
        public boolean takes(List<String> words) {
          return words.getLast().endsWith("me");
        }

        @Override
        public int run(List<String> words, Console console) throws IOException {
          console.line(String.join(" ", words));
          return 7;
        }
      };

  @Test
  void aServerThatRunsDoesIt() throws IOException {
    config("hostname = \"a.test\"\n# data = \"wrong\"\ndata = \"data\"\n[listen]\n");
    Files.createDirectory(directory.resolve("data"));
    try (ControlSocket _ = ControlSocket.listen(directory.resolve("data"), ECHO, EventSink.NONE)) {
      assertThat(ask("for", "me")).hasValue(7);
      assertThat(console.out()).isEqualTo("for me\n");
      String named = directory.resolve("everpost.toml").toString();
      assertThat(ask("--config", named, "me")).hasValue(7);
      assertThat(ask("--config=" + named, "me")).hasValue(7);
      assertThat(ask("for", "you")).as("with a question, perhaps").isEmpty();
    }
    assertThat(ask("for", "me")).as("nobody runs any more").isEmpty();
  }

  @Test
  void whatIsNotPlainIsLeftToThoseWhoReadIt() throws IOException {
    assertThat(ConfigFile.data(directory.resolve("absent.toml"))).isNull();
    for (String text :
        List.of(
            "",
            "[log]\ndata = \"data\"\n",
            "data = 'data'\n",
            "data = \"a\\u0041\"\n",
            "data = \"data\" # here\n",
            "data = \"\"\n",
            "data =\n",
            "data\n",
            "database = \"data\"\n")) {
      config(text);
      assertThat(ConfigFile.data(directory.resolve("everpost.toml"))).as(text).isNull();
      assertThat(ask("status")).as(text).isEmpty();
    }
    config("  data=\"da ta\"  \n");
    assertThat(ConfigFile.data(directory.resolve("everpost.toml")))
        .isEqualTo(directory.resolve("da ta"));
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForForEver() throws IOException {
    config("data = \"data\"\n");
    Path data = Files.createDirectory(directory.resolve("data"));
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(ControlSocket.path(data)));
      assertThat(Ask.run(List.of("status"), directory, Duration.ofSeconds(1), console)).hasValue(1);
    }
    assertThat(console.err()).isEqualTo("everpost: the server has not answered for 1 s\n");
  }

  @Test
  void aServerThatEndsAmidItIsTold() throws IOException {
    config("data = \"data\"\n");
    Files.createDirectory(directory.resolve("data"));
    ControlSocket.Commands failing =
        new ControlSocket.Commands() {
          @Override
          public boolean takes(List<String> words) {
            return true;
          }

          @Override
          public int run(List<String> words, Console its) throws IOException {
            throw new IOException("as a test wants it");
          }
        };
    try (ControlSocket _ =
        ControlSocket.listen(directory.resolve("data"), failing, EventSink.NONE)) {
      assertThat(ask("status")).hasValue(1);
    }
    assertThat(console.err()).isEqualTo("everpost: the server ended before the command did\n");
  }
}
