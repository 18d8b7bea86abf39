package org.everpost.testkit.botnet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * TLS between a bot and its connection, octets in and octets out. Each handshake is a whole one, as
 * bots do not remember earlier sessions.
 */
final class BotTls {

  private static final int RECORD = 18 << 10;

  private final SSLEngine engine;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The beginning of a record whose end did not come yet. */
  private byte[] left = new byte[0];

  BotTls(SSLContext context) {
    engine = context.createSSLEngine();
    engine.setUseClientMode(true);
  }

  /** Whether there is something the conversation may say. */
  boolean isReady() {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && engine.getSession().isValid()
        && !engine.getSession().getProtocol().equals("NONE");
  }

  void begin() throws SSLException {
    engine.beginHandshake();
    advance();
  }

  /** Takes what came; returns what of it is for the conversation. */
  byte[] received(ByteBuffer in) throws SSLException {
    ByteBuffer all = ByteBuffer.allocate(left.length + in.remaining()).put(left).put(in).flip();
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    ByteBuffer record = ByteBuffer.allocate(RECORD);
    while (true) {
      int before = all.remaining();
      SSLEngineResult result = engine.unwrap(all, record.clear());
      plain.write(record.array(), 0, record.position());
      advance();
      if (result.getStatus() == Status.CLOSED) {
        throw new SSLException("the server closed");
      }
      boolean stuck = all.remaining() == before && result.bytesProduced() == 0;
      if (result.getStatus() == Status.BUFFER_UNDERFLOW || !all.hasRemaining() || stuck) {
        left = new byte[all.remaining()];
        all.get(left);
        return plain.toByteArray();
      }
    }
  }

  /** Whatever the engine wants to do or say by itself. */
  private void advance() throws SSLException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          Runnable task = engine.getDelegatedTask();
          while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
          }
        }
        case NEED_WRAP -> wrap(ByteBuffer.allocate(0));
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
          return;
        }
      }
    }
  }

  void say(byte[] octets) throws SSLException {
    ByteBuffer plain = ByteBuffer.wrap(octets);
    while (plain.hasRemaining()) {
      wrap(plain);
    }
  }

  private void wrap(ByteBuffer plain) throws SSLException {
    ByteBuffer record = ByteBuffer.allocate(RECORD);
    SSLEngineResult result = engine.wrap(plain, record);
    if (result.getStatus() != Status.OK) {
      throw new SSLException("no record: " + result.getStatus());
    }
    out.write(record.array(), 0, record.position());
  }

  /** What is to be sent, once. */
  byte[] toSend() {
    byte[] octets = out.toByteArray();
    out.reset();
    return octets;
  }
}
