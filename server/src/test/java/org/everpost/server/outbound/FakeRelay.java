package org.everpost.server.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.TlsDemand;
import org.everpost.server.relay.Destination;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.server.relay.Permission;
import org.everpost.server.relay.RecipientResult;
import org.everpost.server.relay.Relay;
import org.everpost.server.relay.RelayConnection;

/** The world, as a test wants it: takes everything, unless it was told otherwise. */
final class FakeRelay implements Relay {

  static final Reason TAKEN = new Reason(status("2.0.0"), "250 taken", "mx.peer.test");

  /** What arrived. */
  record Arrived(OutgoingMessage message, String content) {}

  /** Whether a connection is good for more than one message. */
  volatile boolean usable = true;

  final AtomicInteger connections = new AtomicInteger();
  private final List<Arrived> arrived = new ArrayList<>();
  private final Map<String, Function<OutgoingMessage.Recipient, RecipientResult>> answers =
      new ConcurrentHashMap<>();
  private final Map<String, Runnable> beforeTheEnd = new ConcurrentHashMap<>();
  private final Map<String, Attempt.Failed> unreachable = new ConcurrentHashMap<>();

  private static org.everpost.wire.smtp.EnhancedStatusCode status(String text) {
    return org.everpost.wire.smtp.EnhancedStatusCode.of(text);
  }

  static RecipientResult deferred() {
    return new RecipientResult.Deferred(
        new Reason(status("4.2.0"), "450 4.2.0 come again", "mx.peer.test"));
  }

  static RecipientResult unasked() {
    return new RecipientResult.Unasked(new Reason(status("4.5.3"), "no more", null));
  }

  static RecipientResult refused() {
    return new RecipientResult.Refused(
        new Reason(status("5.1.1"), "550 5.1.1 nobody here", "mx.peer.test"));
  }

  /** From now on a domain answers so. */
  void answer(String domain, Function<OutgoingMessage.Recipient, RecipientResult> answer) {
    answers.put(domain, answer);
  }

  /** From now on something happens before the end of a message for a domain. */
  void beforeTheEnd(String domain, Runnable what) {
    beforeTheEnd.put(domain, what);
  }

  void unreachable(String domain, boolean permanent) {
    Reason reason = Reason.ours(permanent ? "5.1.2" : "4.4.1", "as a test wants it");
    unreachable.put(domain, new Attempt.Failed(reason, permanent));
  }

  void reachable(String domain) {
    unreachable.remove(domain);
  }

  synchronized List<Arrived> arrived() {
    return List.copyOf(arrived);
  }

  private synchronized void arrive(Arrived one) {
    arrived.add(one);
  }

  @Override
  public Attempt connect(Destination destination, TlsDemand tls, Permission permission) {
    connections.incrementAndGet();
    Attempt.Failed failed = unreachable.get(destination.toString());
    return failed != null
        ? failed
        : new Attempt.Connected(new Connection(destination.toString(), permission));
  }

  private final class Connection implements RelayConnection {
    private final String destination;
    private final Permission permission;

    Connection(String destination, Permission permission) {
      this.destination = destination;
      this.permission = permission;
    }

    @Override
    public String peer() {
      return "mx.peer.test";
    }

    @Override
    public List<RecipientResult> send(OutgoingMessage message) {
      beforeTheEnd.getOrDefault(destination, () -> {}).run();
      Reason no = permission.whyNot(Permission.Step.END);
      if (no != null) {
        return Collections.nCopies(message.recipients().size(), new RecipientResult.Abandoned(no));
      }
      try (InputStream in = message.content().open()) {
        arrive(new Arrived(message, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Function<OutgoingMessage.Recipient, RecipientResult> answer =
          answers.getOrDefault(destination, _ -> new RecipientResult.Relayed(TAKEN, false));
      return message.recipients().stream().map(answer).toList();
    }

    @Override
    public boolean isUsable() {
      return usable;
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
