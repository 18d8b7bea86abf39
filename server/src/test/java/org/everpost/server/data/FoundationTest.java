package org.everpost.server.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.everpost.core.event.Event;
import org.everpost.core.event.StoreEvent;
import org.everpost.core.time.RandomSource;
import org.everpost.server.outbound.AwayStore;
import org.everpost.server.relay.StillClock;
import org.everpost.store.memory.MemoryStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator hears of what is in the way. */
class FoundationTest {

  @Test
  void aStoreThatFailsWithoutAWordIsToldByTheNameOfItsFailure() {
    List<Event> events = new ArrayList<>();
    Foundation.watcher(events::add).unavailable(new IllegalStateException());
    assertThat(events).containsExactly(new StoreEvent.Unavailable("IllegalStateException"));
  }

  @Test
  void aFileInTheWayOfTheDataDirectoryIsNamed(@TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.own(file))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "the data directory %s cannot be made: FileAlreadyExistsException %s", file, file);
  }

  @Test
  void howTheStoreIsIsSaidAtOnceEvenIfItSaysNothing() {
    AwayStore store = new AwayStore(new MemoryStore(new StillClock(), RandomSource.seeded(1)));
    assertThat(Foundation.state(store.ledger())).isEqualTo("ok");
    store.away = true;
    assertThat(Foundation.state(store.ledger())).isEqualTo("away, as a test wants it");
    store.away = false;
    CountDownLatch hanging = new CountDownLatch(1);
    store.watch =
        _ -> {
          try {
            hanging.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    assertThat(Foundation.state(store.ledger())).isEqualTo("no answer within 1000 ms");
    hanging.countDown();
  }
}
