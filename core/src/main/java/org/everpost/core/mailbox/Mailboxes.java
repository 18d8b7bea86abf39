package org.everpost.core.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.directory.AccountId;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.BlobId;
import org.everpost.store.KeyRange;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.Store;
import org.everpost.wire.mime.MimePart;
import org.everpost.wire.mime.MimeScanner;

/**
 * All accounts' mailboxes: opens accounts and takes in content.
 *
 * <p>Safe for any number of threads.
 */
public final class Mailboxes {

  /** How many messages' indexes stay in memory when nobody uses them, about 50 octets each. */
  private static final long MAX_IDLE_MESSAGES = 1_000_000;

  /** What an account weighs beside its messages. */
  private static final int ACCOUNT_WEIGHT = 40;

  private final Store store;
  private final Clock clock;
  private final RandomSource random;
  private final OptimisticCommit commits;

  /** One object an account as long as anybody holds it: its view is the newest there is. */
  private final Cache<AccountId, MailAccount> open = Caffeine.newBuilder().weakValues().build();

  /** Keeps those lately used from being collected. */
  private final Cache<AccountId, MailAccount> recent =
      Caffeine.newBuilder()
          .maximumWeight(MAX_IDLE_MESSAGES)
          .weigher((AccountId id, MailAccount account) -> ACCOUNT_WEIGHT + account.loadedMessages())
          .expireAfterAccess(Duration.ofMinutes(10))
          .build();

  public Mailboxes(Store store, Clock clock, RandomSource random) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.commits = new OptimisticCommit(store.ledger(), clock, random);
  }

  /** The account of this id. Nothing is read before something is asked of it. */
  public MailAccount open(AccountId id) {
    MailAccount account = open.get(id, key -> new MailAccount(key, store, clock, random));
    if (recent.getIfPresent(id) != account || account.weightChanged()) {
      recent.put(id, account);
    }
    return account;
  }

  /**
   * Stores content and finds its structure, in one pass and bounded memory.
   *
   * @throws IOException what {@code source} threw
   */
  public IncomingMessage receive(InputStream source) throws IOException {
    ScannedStream scanned = new ScannedStream(source);
    BlobId blob = store.blobs().put(scanned);
    return new IncomingMessage(blob, scanned.size, scanned.structure());
  }

  /**
   * Reads content.
   *
   * @throws org.everpost.store.BlobDamagedException if the stored bytes fail their checksum, here
   *     or while reading
   */
  public InputStream content(BlobId blob, long offset, long length) {
    return store.blobs().open(blob, offset, length);
  }

  /**
   * Empties the partition of an account whose directory entry is gone already. An empty partition
   * that has a version is never filled again: what a session or a delivery is still at fails.
   *
   * @return whether there was anything to do
   */
  public boolean deleteAll(AccountId id) {
    boolean deleted =
        commits.change(
            new Partition(PartitionKind.ACCOUNT, id.value()),
            view ->
                view.version() > 0 && view.get(AccountRow.KEY) == null
                    ? Decision.nothing(false)
                    : new Decision<>(List.of(new Mutation.DeleteRange(KeyRange.ALL)), true));
    open.invalidate(id);
    recent.invalidate(id);
    return deleted;
  }

  /** The accounts that somebody watches. */
  List<MailAccount> watched() {
    List<MailAccount> watched = new ArrayList<>();
    for (MailAccount account : open.asMap().values()) {
      if (account.isWatched()) {
        watched.add(account);
      }
    }
    return watched;
  }

  /** Shows the scanner what passes by. */
  private static final class ScannedStream extends FilterInputStream {
    private final MimeScanner scanner = new MimeScanner();
    private long size;

    ScannedStream(InputStream source) {
      super(source);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      if (n > 0) {
        scanner.feed(bytes, offset, n);
        size += n;
      }
      return n;
    }

    @Override
    public long skip(long n) throws IOException {
      byte[] bytes = new byte[Math.clamp(n, 0, 8192)];
      return Math.max(read(bytes, 0, bytes.length), 0);
    }

    MimePart structure() {
      return scanner.finish();
    }
  }
}
