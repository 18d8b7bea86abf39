package org.everpost.core.mailbox;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.everpost.core.directory.AccountId;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Blobs;
import org.everpost.store.Hints;
import org.everpost.store.Ledger;
import org.everpost.store.Store;
import org.everpost.store.memory.MemoryStore;

/** An account on the in-memory engine, seen by as many nodes as a test wants. */
final class MailboxFixture {

  static final AccountId ID = new AccountId("a1");

  final Store store;

  private MailboxFixture(boolean shared) {
    Store memory = new MemoryStore(Clock.system(), RandomSource.seeded(1));
    this.store = shared ? new SharedStore(memory) : memory;
  }

  static MailboxFixture local() {
    return new MailboxFixture(false);
  }

  static MailboxFixture shared() {
    return new MailboxFixture(true);
  }

  Mailboxes node(long seed) {
    return new Mailboxes(store, Clock.system(), RandomSource.seeded(seed));
  }

  static NewMessage message(Mailboxes node, String text, FlagNames flags) {
    String mail = "From: a@example.test\r\nSubject: " + text + "\r\n\r\n" + text + "\r\n";
    try {
      IncomingMessage content =
          node.receive(new ByteArrayInputStream(mail.getBytes(StandardCharsets.UTF_8)));
      return new NewMessage(content, flags, Instant.ofEpochSecond(1_700_000_000));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static NewMessage message(Mailboxes node, String text) {
    return message(node, text, FlagNames.NONE);
  }

  static FlagNames keywords(String... names) {
    return new FlagNames(0, Set.of(names));
  }

  /** The same engine as if other processes wrote to it too. */
  private record SharedStore(Store inner) implements Store {
    @Override
    public Ledger ledger() {
      return inner.ledger();
    }

    @Override
    public Blobs blobs() {
      return inner.blobs();
    }

    @Override
    public Hints hints() {
      return inner.hints();
    }

    @Override
    public boolean shared() {
      return true;
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
