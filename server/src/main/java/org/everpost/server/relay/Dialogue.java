package org.everpost.server.relay;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.everpost.server.net.Connection;
import org.everpost.server.net.ConnectionException;
import org.everpost.server.net.IdleTimeoutException;
import org.everpost.server.net.Line;
import org.everpost.server.net.LineTooLongException;
import org.everpost.server.relay.SessionEndedException.End;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.PeerReply;
import org.everpost.wire.smtp.PeerReplyException;
import org.everpost.wire.smtp.ReplyParser;

/** Commands to a peer and its replies. Whatever ends the session is one kind of exception. */
final class Dialogue {

  /** RFC 5321 §4.5.3.1.5 allows 512; more is skipped, up to a limit of the connection. */
  private static final int MAX_LINE = 4096;

  private final Connection connection;
  private final String peer;
  private final ReplyParser parser = new ReplyParser();

  /**
   * @param peer the host's name and address, for people
   */
  Dialogue(Connection connection, String peer) {
    this.connection = connection;
    this.peer = peer;
  }

  Connection connection() {
    return connection;
  }

  String peer() {
    return peer;
  }

  /** Keeps a command, to be sent with others by {@link #flush}. */
  void say(String command, String doing) throws SessionEndedException {
    try {
      connection.writeLine(command);
    } catch (IOException e) {
      throw ended(e, doing);
    }
  }

  void flush(String doing) throws SessionEndedException {
    try {
      connection.flush();
    } catch (IOException e) {
      throw ended(e, doing);
    }
  }

  /** Sends a command and waits for its reply. */
  PeerReply ask(String command, Duration limit) throws SessionEndedException {
    String doing = command.split(" ", 2)[0].toUpperCase(Locale.ROOT);
    say(command, doing);
    flush(doing);
    return reply(limit, doing);
  }

  /**
   * The next reply.
   *
   * @param limit for the whole of it, however it comes
   * @param doing what it is the reply to, for people
   * @throws SessionEndedException also if it is 421: the peer is closing (RFC 5321 §3.8)
   */
  PeerReply reply(Duration limit, String doing) throws SessionEndedException {
    connection.readTimeout(limit);
    connection.deadline(limit);
    try {
      PeerReply reply = null;
      while (reply == null) {
        Line line = connection.readLine(MAX_LINE);
        reply = parser.accept(line.bytes());
      }
      if (reply.code() == 421) {
        throw new SessionEndedException(
            ReplyStatus.of(reply, ReplyStatus.Stage.OTHER), reply.toString(), End.SAID);
      }
      return reply;
    } catch (PeerReplyException e) {
      throw protocol("%s in reply to %s".formatted(e.getMessage(), doing));
    } catch (LineTooLongException e) {
      throw protocol("an endless line in reply to " + doing);
    } catch (IOException e) {
      throw ended(e, doing);
    } finally {
      connection.noDeadline();
    }
  }

  /** The peer does not speak SMTP. */
  SessionEndedException protocol(String what) {
    return new SessionEndedException(
        EnhancedStatusCode.of("4.5.0"), peer + " sent " + what, End.BY_US);
  }

  SessionEndedException ended(IOException e, String doing) {
    String what;
    End end = End.BY_US;
    if (e instanceof IdleTimeoutException) {
      what = "%s did not answer in time to %s";
    } else if (e instanceof ConnectionException) {
      what = "The connection to %s was lost during %s";
      end = End.CLOSED;
    } else {
      what = "The connection to %s failed during %s";
    }
    return new SessionEndedException(
        EnhancedStatusCode.of("4.4.2"), what.formatted(peer, doing), end);
  }
}
