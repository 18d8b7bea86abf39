package org.everpost.server.imap;

import java.io.IOException;
import org.everpost.server.net.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Lets a session in IDLE wait for two things at once: a line of its client, which a second thread
 * reads meanwhile, and a change of the account. Many changes at once wake it once.
 */
final class IdleWait {

  /** {@code DONE}, and some room for those who get it wrong. */
  private static final int MAX_LINE = 1_000;

  private final Connection connection;
  private @Nullable Thread reader;

  // Guarded by this.
  private boolean changed;
  private @Nullable String line;
  private @Nullable IOException failure;

  IdleWait(Connection connection) {
    this.connection = connection;
  }

  /** Begins to read; the caller leaves the connection's input alone until {@link #end}. */
  void start() {
    reader = Thread.ofVirtual().name("imap-idle-" + connection.id()).start(this::read);
  }

  private void read() {
    try {
      ended(connection.readLine(MAX_LINE).latin1(), null);
    } catch (IOException e) {
      ended(null, e);
    }
  }

  private synchronized void ended(@Nullable String read, @Nullable IOException thrown) {
    line = read;
    failure = thrown;
    notifyAll();
  }

  /** Wakes the session. Called from any thread; returns at once. */
  synchronized void changed() {
    changed = true;
    notifyAll();
  }

  /**
   * Waits.
   *
   * @return the line; null if something changed
   * @throws IOException what reading threw, such as a timeout
   */
  synchronized @Nullable String await() throws IOException {
    while (!changed && line == null && failure == null) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ResponseCutShortException();
      }
    }
    if (failure != null) {
      throw failure;
    }
    changed = false;
    return line;
  }

  /** Takes the input back: if the second thread still reads, the connection is over. */
  void end() {
    Thread thread = reader;
    if (thread == null) {
      return;
    }
    synchronized (this) {
      if (line == null && failure == null) {
        connection.close();
      }
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
