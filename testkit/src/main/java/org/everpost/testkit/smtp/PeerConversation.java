package org.everpost.testkit.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link ScriptedPeer}. */
final class PeerConversation {

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final ScriptedPeer peer;
  private Socket socket;
  private InputStream in;
  private OutputStream out;
  private boolean secured;
  private boolean over;

  /** The first digit of what was said last; 0 if that was no reply. */
  private char said;

  PeerConversation(ScriptedPeer peer, Socket socket) throws IOException {
    this.peer = peer;
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  void run() throws IOException {
    act("GREETING");
    while (!over) {
      String line = line();
      peer.received(line);
      String verb = ScriptedPeer.verb(line);
      if (verb.equals("BDAT")) {
        chunk(line);
      }
      if (in.available() > 0) {
        peer.sawMore();
      }
      act(verb);
      if (verb.equals("DATA") && said == '3') {
        body();
      } else if (verb.equals("AUTH")) {
        while (!over && said == '3') {
          peer.received(line());
          act("RESPONSE");
        }
      }
    }
  }

  private void body() throws IOException {
    PeerAction instead = peer.scripted("BODY");
    if (instead != null) {
      act(instead);
      return;
    }
    StringBuilder message = new StringBuilder();
    for (String line = line(); !line.equals("."); line = line()) {
      message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
    }
    peer.receivedMessage(message.toString());
    act("END");
  }

  private void chunk(String command) throws IOException {
    byte[] octets = in.readNBytes(Integer.parseInt(command.split(" ", -1)[1]));
    peer.receivedMessage(new String(octets, StandardCharsets.ISO_8859_1));
  }

  /** A line up to CR LF, and nothing else. */
  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int before = -1;
    while (true) {
      int octet = in.read();
      if (octet < 0) {
        throw new EOFException();
      }
      line.write(octet);
      if (before == '\r' && octet == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.substring(0, text.length() - 2);
      }
      before = octet;
    }
  }

  private void act(String stage) throws IOException {
    PeerAction scripted = peer.scripted(stage);
    act(scripted == null ? peer.usual(stage, secured) : scripted);
  }

  private void act(PeerAction action) throws IOException {
    said = 0;
    switch (action) {
      case PeerAction.Say say -> say(say.text());
      case PeerAction.SayAndHangUp say -> {
        say(say.text());
        over = true;
      }
      case PeerAction.HangUp _ -> over = true;
      case PeerAction.Silence _ -> awaitEnd();
      case PeerAction.Deaf _ -> {
        while (!socket.isClosed()) {
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      }
      case PeerAction.Drip drip -> {
        for (int i = 0; i < drip.text().length(); i++) {
          say(drip.text().substring(i, i + 1));
          LockSupport.parkNanos(drip.pause().toNanos());
        }
      }
      case PeerAction.Endless endless -> {
        while (!socket.isClosed()) {
          say(endless.text());
        }
      }
      case PeerAction.StartTls startTls -> {
        say(startTls.text());
        SSLSocket next =
            (SSLSocket)
                startTls
                    .context()
                    .getSocketFactory()
                    .createSocket(socket, (@Nullable String) null, socket.getPort(), true);
        next.setUseClientMode(false);
        next.startHandshake();
        socket = next;
        in = new BufferedInputStream(next.getInputStream());
        out = next.getOutputStream();
        secured = true;
      }
    }
  }

  private void say(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    said = text.isEmpty() ? 0 : text.charAt(0);
  }

  private void awaitEnd() throws IOException {
    byte[] sink = new byte[8192];
    int n = 0;
    while (n >= 0) {
      n = in.read(sink);
    }
    over = true;
  }
}
