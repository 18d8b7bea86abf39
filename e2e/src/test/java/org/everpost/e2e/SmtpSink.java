package org.everpost.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A running smtp-sink, which comes with Postfix. */
record SmtpSink(Process process, int port) implements AutoCloseable {

  static SmtpSink with(String... options) {
    int port = Ports.free(1).getFirst();
    List<String> words = new ArrayList<>(List.of("smtp-sink"));
    if (ProcessHandle.current().info().user().orElse("").equals("root")) {
      words.addAll(List.of("-u", "nobody"));
    }
    words.addAll(List.of(options));
    words.addAll(List.of("127.0.0.1:" + port, "100"));
    try {
      Process process = Tool.start(Tool.of(words).builder().inheritIO());
      Patience.await(() -> "smtp-sink listens", () -> answers(port));
      return new SmtpSink(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
