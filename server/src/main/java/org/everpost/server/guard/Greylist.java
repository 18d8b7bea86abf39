package org.everpost.server.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.time.Clock;
import org.everpost.store.Hints;
import org.everpost.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Asks strangers to come again (RFC 6647): what a server does that has a queue, and a bot does not.
 * Kept by network, sender's domain and recipient, as large senders come again from another address,
 * and shared by all nodes: a copy in memory that answers at once, behind it the hints, which are
 * asked by a few at a time and told beside. Safe for any number of threads.
 */
final class Greylist implements Runnable {

  private static final String TABLE = "greylist";

  /** So long somebody who was asked may take to come again. */
  private static final Duration WINDOW = Duration.ofDays(2);

  /**
   * So many are noted of one address and of one network within a while, and of all a second; what
   * is more has to come again anyway. A few of each address are in any case, whatever others do.
   */
  private static final int MOST_OF_ADDRESS = 20;

  private static final int MOST_OF_NETWORK = 100;
  private static final int MOST_A_SECOND = 100;
  private static final int IN_ANY_CASE = 2;
  private static final Duration WHILE = Duration.ofMinutes(10);
  private static final int MAX_COUNTED = 100_000;
  private static final int MAX_NOTES = 50_000;

  /** So few ask the store at once, as the mail of others wants it as well. */
  private static final int MAX_QUESTIONS = 4;

  /** Whoever does not get to ask the store within this time does without. */
  private static final Duration TURN = Duration.ofSeconds(1);

  private static final long NEVER = Long.MAX_VALUE;

  private final Duration delay;
  private final Hints hints;
  private final Clock clock;
  private final Cache<Long, AtomicInteger> noted;
  private final Pace more;
  private final Semaphore questions = new Semaphore(MAX_QUESTIONS, true);

  /** The last so many; it forgets the oldest, not what nobody has asked for twice. */
  private final Map<String, Long> notes =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
              return size() > MAX_NOTES;
            }
          });

  private final WriteBehind<Note> news;

  /**
   * What is to be written.
   *
   * @param since when somebody was first asked to come again, in milliseconds since 1970
   */
  private record Note(String key, long since) {}

  /**
   * @param rest how long to stay away yet; zero: it may deliver
   * @param returned whether it had been asked to come again, and did
   */
  record Answer(Duration rest, boolean returned) {}

  Greylist(Duration delay, Hints hints, Clock clock) {
    this.delay = delay;
    this.hints = hints;
    this.clock = clock;
    this.more = new Pace(MOST_A_SECOND, clock);
    this.noted =
        Caffeine.newBuilder()
            .maximumSize(MAX_COUNTED)
            .expireAfterWrite(WHILE)
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .build();
    this.news = new WriteBehind<>(this::write, clock);
  }

  Answer ask(InetAddress address, Envelope envelope) {
    if (delay.isZero()) {
      return new Answer(Duration.ZERO, false);
    }
    String key = key(address, envelope);
    long now = clock.millis();
    long since = valid(notes.get(key), now);
    boolean asked = false;
    if (since == NEVER && mayQuestion()) {
      try {
        since = stored(key, now);
        asked = true;
      } catch (StoreException e) {
        return new Answer(Duration.ZERO, false); // without it mail flows, as far as it can
      } finally {
        questions.release();
      }
    }
    if (since == NEVER) {
      if (mayNote(Origin.of(address))) {
        remember(key, now);
        news.add(new Note(key, now));
      }
      return new Answer(delay, false);
    }
    if (asked) {
      remember(key, since);
    }
    long left = since + delay.toMillis() - now;
    return new Answer(Duration.ofMillis(Math.max(0, left)), left <= 0);
  }

  private boolean mayQuestion() {
    try {
      return questions.tryAcquire(TURN.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private long stored(String key, long now) {
    byte[] value = hints.get(TABLE, bytes(key));
    return value == null || value.length != Long.BYTES
        ? NEVER
        : valid(ByteBuffer.wrap(value).getLong(), now);
  }

  /** What lies in the future was said by a clock that was wrong. */
  private static long valid(@Nullable Long since, long now) {
    return since == null || since > now || since < now - WINDOW.toMillis() ? NEVER : since;
  }

  /** Tells the store what is new, until the thread is interrupted. */
  @Override
  public void run() {
    news.run();
  }

  /** Another node may have noted it meanwhile, or before. */
  private void write(Note note) {
    long stored = stored(note.key, note.since);
    if (stored == NEVER) {
      byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(note.since).array();
      hints.put(TABLE, bytes(note.key), value, WINDOW);
    } else {
      remember(note.key, stored);
    }
  }

  /** The earlier time counts, unless it is none any more. */
  private void remember(String key, long since) {
    notes.merge(key, since, (a, b) -> Math.min(valid(a, since), valid(b, since)));
  }

  /** How many the store is never told of, because it was too slow for all of them. */
  long lost() {
    return news.lost();
  }

  /** Senders and recipients are a bot's to choose: else one connection could fill the store. */
  private boolean mayNote(Origin origin) {
    int address = oneMore(origin.address());
    int network = oneMore(~origin.network());
    return address <= IN_ANY_CASE
        || (address <= MOST_OF_ADDRESS && network <= MOST_OF_NETWORK && more.spend());
  }

  private int oneMore(long what) {
    return noted.get(what, _ -> new AtomicInteger()).incrementAndGet();
  }

  private static String key(InetAddress address, Envelope envelope) {
    String sender = envelope.sender() == null ? "" : envelope.sender().domain().ascii();
    String text = Origin.of(address).network() + " " + sender + " " + envelope.recipient();
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] bytes(String key) {
    return HexFormat.of().parseHex(key);
  }
}
