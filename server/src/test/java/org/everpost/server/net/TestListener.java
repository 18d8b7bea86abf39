package org.everpost.server.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.everpost.core.event.Event;
import org.everpost.core.event.EventSink;
import org.everpost.core.peer.IpNetwork;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.guard.Guard;
import org.everpost.server.guard.TestGuard;

/** A real listener on a free port of 127.0.0.1 for one kind of session. */
public final class TestListener implements AutoCloseable {

  private final Listeners listeners;
  private final InetSocketAddress address;
  private final List<Event> events = new CopyOnWriteArrayList<>();

  public TestListener(Service service, SessionFactory sessions) {
    this(service, sessions, ConnectionSettings.DEFAULT, EventSink.NONE);
  }

  public TestListener(
      Service service, SessionFactory sessions, ConnectionSettings settings, EventSink sink) {
    this(service, sessions, settings, TestGuard.bare(20_000, 100), sink);
  }

  public TestListener(
      Service service,
      SessionFactory sessions,
      ConnectionSettings settings,
      Guard guard,
      EventSink sink) {
    listeners =
        new Listeners(
            settings,
            TestTls.server(),
            guard,
            List.of(IpNetwork.of("127.0.0.77")),
            Clock.system(),
            RandomSource.seeded(1),
            event -> {
              events.add(event);
              sink.accept(event);
            });
    try {
      address =
          listeners.listen(
              service, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), sessions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listeners.start();
  }

  public InetSocketAddress address() {
    return address;
  }

  public Listeners listeners() {
    return listeners;
  }

  /** What happened so far. */
  public List<Event> events() {
    return events;
  }

  /** A client, with TLS from the start where the service has it. */
  public TestClient connect() {
    return TestClient.connect(address);
  }

  @Override
  public void close() {
    listeners.close();
  }
}
