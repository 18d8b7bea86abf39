package org.everpost.store.rocksdb;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.everpost.store.BlobId;
import org.everpost.store.Store;

/** Puts a thousand blobs at once: each is half way through before the first ends. */
final class ManyPuts {

  private static final int PUTS = 1_000;
  private static final int OCTETS = 600_000;

  private ManyPuts() {}

  public static void main(String[] arguments) throws Exception {
    CountDownLatch halfWay = new CountDownLatch(PUTS);
    try (Store store = Stores.open(Path.of(arguments[0]));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<BlobId>> puts = new ArrayList<>();
      for (int i = 0; i < PUTS; i++) {
        int seed = i;
        puts.add(executor.submit(() -> store.blobs().put(new Message(seed, halfWay))));
      }
      int same = 0;
      for (int i = 0; i < PUTS; i++) {
        try (InputStream stored = store.blobs().open(puts.get(i).get(), 0, Long.MAX_VALUE);
            InputStream sent = new Message(i, new CountDownLatch(0))) {
          same += sameOctets(stored, sent) ? 1 : 0;
        }
      }
      System.exit(same == PUTS ? 0 : 1);
    }
  }

  private static boolean sameOctets(InputStream a, InputStream b) throws Exception {
    byte[] left = new byte[8192];
    while (true) {
      int count = a.readNBytes(left, 0, left.length);
      byte[] right = b.readNBytes(8192);
      if (count != right.length || !Arrays.equals(left, 0, count, right, 0, count)) {
        return false;
      }
      if (count == 0) {
        return true;
      }
    }
  }

  /** Text that waits at its half for all the others. */
  private static final class Message extends InputStream {

    private final int seed;
    private final CountDownLatch halfWay;
    private int position;

    Message(int seed, CountDownLatch halfWay) {
      this.seed = seed;
      this.halfWay = halfWay;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (position == OCTETS) {
        return -1;
      }
      int count = Math.min(Math.min(length, 8192), OCTETS - position);
      if (position < OCTETS / 2 && position + count >= OCTETS / 2) {
        halfWay.countDown();
        try {
          halfWay.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      for (int i = 0; i < count; i++) {
        int at = position + i;
        target[offset + i] = (byte) ('a' + (at / 7 + at / 1000 * seed) % 26);
      }
      position += count;
      return count;
    }
  }
}
