package org.everpost.server.imap;

import java.io.IOException;
import org.everpost.server.net.Connection;
import org.everpost.wire.imap.response.ResponseBuffer;
import org.everpost.wire.imap.response.ResponseCode;
import org.everpost.wire.imap.response.StatusResponse;
import org.everpost.wire.imap.response.Untagged;
import org.jspecify.annotations.Nullable;

/**
 * The way to the client: a response is put together in {@link #buffer}, ended by {@link #end}, and
 * leaves with others in large pieces. Holds no buffer between commands. For the session's thread.
 */
final class Responses {
  private static final int FIRST_ROOM = 1024;

  /** From this size on what was collected is handed to the connection. */
  private static final int LARGE = 16 * 1024;

  private final Connection connection;
  private @Nullable ResponseBuffer buffer;
  private boolean utf8;

  /** How much of the buffer is complete responses. */
  private int complete;

  /** Whether a part of the response under way has left. */
  private boolean begun;

  Responses(Connection connection) {
    this.connection = connection;
  }

  /** From now on the client reads UTF-8, or no longer. */
  void utf8(boolean enabled) {
    utf8 = enabled;
    if (buffer != null) {
      buffer.utf8(enabled);
    }
  }

  ResponseBuffer buffer() {
    ResponseBuffer current = buffer;
    if (current == null) {
      current = new ResponseBuffer(FIRST_ROOM);
      current.utf8(utf8);
      buffer = current;
    }
    return current;
  }

  /** The response in the buffer is complete. */
  void end() throws IOException {
    begun = false;
    complete = buffer().length();
    if (complete >= LARGE) {
      send();
    }
  }

  /** Takes the response under way back, if no part of it has left. */
  void takeBack() {
    if (!begun) {
      buffer().truncate(complete);
    }
  }

  /** Whether a response was begun and not ended. */
  boolean isInsideResponse() {
    return begun || (buffer != null && buffer.length() > complete);
  }

  /** Lets the first part of the response under way leave: the next octets go there directly. */
  Connection sendPart() throws IOException {
    begun = true;
    send();
    return connection;
  }

  /** Sends everything to the client and lets the buffer go. */
  void flush() throws IOException {
    send();
    buffer = null;
    connection.flush();
  }

  private void send() throws IOException {
    ResponseBuffer current = buffer;
    if (current != null && current.length() > 0) {
      connection.write(current.array(), 0, current.length());
      current.clear();
      complete = 0;
    }
  }

  /** An untagged OK with a code. */
  void ok(ResponseCode code, String text) throws IOException {
    StatusResponse.ok(null, code, text).render(buffer());
    end();
  }

  /** The goodbye of RFC 9051 §7.1.5. */
  void bye(@Nullable ResponseCode code, String text) throws IOException {
    new StatusResponse(null, StatusResponse.Kind.BYE, code, text).render(buffer());
    end();
    flush();
  }

  /** Asks for what the client has announced (RFC 9051 §7.6). */
  void goOn(String text) throws IOException {
    Untagged.goOn(text, buffer());
    end();
    flush();
  }
}
