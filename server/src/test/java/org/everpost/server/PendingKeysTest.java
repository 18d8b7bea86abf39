package org.everpost.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.everpost.core.config.Config;
import org.everpost.core.directory.SigningKey;
import org.everpost.core.directory.SigningKey.State;
import org.everpost.core.event.AdminEvent;
import org.everpost.core.event.Event;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.data.Foundation;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimAlgorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server looks by itself for the records of pending keys. */
class PendingKeysTest {

  private static final DomainName HERE = DomainName.of("example.test");

  @TempDir Path directory;

  /** Nobody rests longer than a moment. */
  private record Hasty(Clock clock) implements Clock {
    @Override
    public Instant instant() {
      return clock.instant();
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      clock.sleep(Duration.ofMillis(20));
    }
  }

  @Test
  void aServerThatRunsActivatesWhatItSees() throws Exception {
    List<Event> events = new CopyOnWriteArrayList<>();
    Clock clock = new Hasty(Clock.system());
    try (DnsStandIn dns = DnsStandIn.start()) {
      Path file = directory.resolve("everpost.toml");
      Files.writeString(
          file,
          "hostname = \"mx1.example.test\"\ndata = \"data\"\n[dns]\nservers = [\"127.0.0.1:%d\"]\n"
              .formatted(dns.address().getPort()));
      Config config = Config.load(file);
      try (Foundation foundation = open(config, clock)) {
        foundation.directory().addDomain(HERE);
        foundation.keys().make(HERE, EnumSet.allOf(DkimAlgorithm.class), false);
        for (SigningKey key : foundation.keys().all(HERE)) {
          dns.txt(key.recordName().ascii(), key.recordText());
        }
      }
      try (Server server = Server.assemble(config, clock, RandomSource.secure(), events::add)) {
        server.start();
        long until = clock.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (activations(events) < 2) {
          assertThat(clock.nanoTime()).as("%s", events).isLessThan(until);
          clock.sleep(Duration.ZERO);
        }
      }
      try (Foundation foundation = open(config, clock)) {
        assertThat(foundation.keys().all(HERE))
            .hasSize(2)
            .allMatch(key -> key.state() == State.ACTIVE);
      }
    }
  }

  private static Foundation open(Config config, Clock clock) throws Exception {
    return Foundation.open(config, clock, RandomSource.secure(), EventSink.NONE);
  }

  private static long activations(List<Event> events) {
    return events.stream()
        .filter(event ->
            event instanceof AdminEvent.DirectoryChanged(String action, String name)
                && action.startsWith("domain dkim activate ")
                && name.equals(HERE.ascii()))
        .count();
  }
}
