package org.everpost.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.everpost.core.event.EventSink;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client in Perl: what it asks of a server that runs, and when it leaves that to Java. */
class AskScriptTest {

  private static final Path SCRIPT = Path.of("src/main/perl/ask.pl").toAbsolutePath();

  /** The exit code of the launcher that stands in for ours. */
  private static final int LEFT = 42;

  @TempDir private Path directory;

  private Path launcher;

  @BeforeEach
  void prepare() throws IOException {
    launcher = directory.resolve("launcher");
    Files.writeString(launcher, "#!/bin/sh\nnice\necho left $EVERPOST_ASK: \"$@\"\nexit 42\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
  }

  private record Said(int exit, String out, String err) {}

  private Said ask(String... words) throws Exception {
    return given("", words);
  }

  private Said given(String input, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("perl", SCRIPT.toString(), launcher.toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .environment()
        .putAll(
            Map.of( // as the launcher has it
                "PERL_BADLANG", "0",
                "PERL_UNICODE", "0",
                "PERL5OPT", "",
                "EVERPOST_ASK_PATIENCE", "2"));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It needs nothing of that.
    }
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private void config(String text) throws IOException {
    Files.writeString(directory.resolve("everpost.toml"), text);
  }

  private Path data() throws IOException {
    config("hostname = \"a.test\"\n# data = \"wrong\"\ndata = \"data\"\n[listen]\n");
    return Files.createDirectory(directory.resolve("data"));
  }

  /** Takes what ends in "me". */
  private record Work(Doing doing) implements ControlSocket.Commands {

    interface Doing {
      int run(List<String> words, Console console) throws IOException;
    }

    @Override
    public boolean takes(List<String> words) {
      return words.getLast().endsWith("me");
    }

    @Override
    public int run(List<String> words, Console console) throws IOException {
      return doing.run(words, console);
    }
  }

  private static ControlSocket server(Path data, Work.Doing doing) throws IOException {
    return ControlSocket.listen(data, new Work(doing), EventSink.NONE);
  }

  private static int echo(List<String> words, Console console) throws IOException {
    console.line(String.join("|", words));
    console.err("an error");
    console.line("more");
    return 7;
  }

  @Test
  void aServerThatRunsDoesIt() throws Exception {
    Path data = data();
    try (ControlSocket _ = server(data, AskScriptTest::echo)) {
      assertThat(ask("for", "m\u00fcnchen two", "", "me"))
          .isEqualTo(new Said(7, "for|m\u00fcnchen two||me\nmore\n", "an error\n"));
      String named = directory.resolve("everpost.toml").toString();
      assertThat(ask("--config", "no.toml", "--config", named, "me").exit()).isEqualTo(7);
      assertThat(ask("--config=" + named, "me").exit()).isEqualTo(7);
      assertThat(ask("--config=./everpost.toml", "me").exit()).isEqualTo(7);
    }
  }

  @Test
  void whatTheServerLeavesIsDoneByTheLauncherAsItWouldBeWithoutAsking() throws Exception {
    Path data = data();
    String nice = ask("for", "you").out().lines().findFirst().orElseThrow();
    String left = nice + "\nleft no: for you\n";
    assertThat(ask("for", "you")).as("no socket").isEqualTo(new Said(LEFT, left, ""));
    try (ControlSocket _ = server(data, AskScriptTest::echo)) {
      assertThat(ask("for", "you")).as("not taken").isEqualTo(new Said(LEFT, left, ""));
    }
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(ControlSocket.path(data)));
    }
    assertThat(ask("for", "you")).as("a dead socket").isEqualTo(new Said(LEFT, left, ""));
    Files.delete(directory.resolve("everpost.toml"));
    assertThat(ask("--config", "no.toml", "me").exit()).isEqualTo(LEFT);
  }

  @Test
  void whatIsNotPlainIsLeftToThoseWhoReadIt() throws Exception {
    Path data = data();
    try (ControlSocket _ = server(data, AskScriptTest::echo)) {
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
              "database = \"data\"\n",
              "data = \"data/../data\"\n",
              "data = \"" + "long/".repeat(40) + "\"\n")) {
        config(text);
        Said said = ask("me");
        assertThat(said.exit()).as(text).isEqualTo(LEFT);
        assertThat(said.err()).as(text).isEmpty();
      }
      config("data = \"data\"\n");
      String roundabout = "../" + directory.getFileName() + "/everpost.toml";
      assertThat(ask("--config", roundabout, "me").exit()).isEqualTo(LEFT);
      config("  data=\"" + data + "\"  \r\n");
      assertThat(ask("me").exit()).isEqualTo(7);
    }
  }

  @Test
  void filesAndStandardInputAreReadHere() throws Exception {
    Path data = data();
    Files.writeString(directory.resolve("a.csv"), "x".repeat(200_000));
    Work.Doing counting =
        (words, console) -> {
          String its;
          try {
            its = String.valueOf(console.open(words.getFirst()).readAllBytes().length);
          } catch (IOException e) {
            its = String.valueOf(e.getMessage());
          }
          console.line(its + " and " + console.in().readAllBytes().length);
          return 0;
        };
    try (ControlSocket _ = server(data, counting)) {
      assertThat(given("y".repeat(100_000), "a.csv", "me").out()).isEqualTo("200000 and 100000\n");
      assertThat(ask("b.csv", "me").out()).isEqualTo("b.csv: there is no such file and 0\n");
      assertThat(ask("data", "me").out()).isEqualTo("data is a directory and 0\n");
    }
    try (ControlSocket _ = server(data, (_, console) -> console.open("/etc/passwd").read())) {
      assertThat(ask("me").err()).isEqualTo("everpost: the server ended before the command did\n");
    }
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForForEver() throws Exception {
    Path data = data();
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(ControlSocket.path(data)));
      assertThat(ask("status"))
          .isEqualTo(new Said(1, "", "everpost: the server has not answered for 2 s\n"));
      assertThat(ask("status", "--json").out())
          .isEqualTo("{\"error\":\"the server has not answered for 2 s\"}\n");
    }
  }

  @Test
  void aServerThatEndsAmidItIsTold() throws Exception {
    Path data = data();
    Work.Doing failing =
        (_, console) -> {
          console.line("begun");
          console.flush();
          throw new IOException("as a test wants it");
        };
    try (ControlSocket _ = server(data, failing)) {
      assertThat(ask("me"))
          .isEqualTo(new Said(1, "begun\n", "everpost: the server ended before the command did\n"));
    }
  }
}
