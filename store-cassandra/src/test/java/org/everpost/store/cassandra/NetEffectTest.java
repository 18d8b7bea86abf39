package org.everpost.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.everpost.store.KeyRange;
import org.everpost.store.Mutation;
import org.junit.jupiter.api.Test;

class NetEffectTest {

  private static final int RUNS = 20_000;
  private static final int ALPHABET = 3;
  private static final int LONGEST_KEY = 3;

  @Test
  void aRowPutIntoADeletedRangeCutsIt() {
    List<Mutation> effect =
        NetEffect.of(
            List.of(new Mutation.DeleteRange(KeyRange.ALL), new Mutation.Put(key("b"), key("1"))));

    assertThat(effect.stream().map(NetEffectTest::text))
        .containsExactly("delete .. to b", "delete b+0 to end", "put b=1");
  }

  @Test
  void touchingAndOverlappingRangesBecomeOne() {
    List<Mutation> effect =
        NetEffect.of(
            List.of(
                new Mutation.DeleteRange(new KeyRange(key("c"), key("d"))),
                new Mutation.DeleteRange(new KeyRange(key("a"), key("b"))),
                new Mutation.DeleteRange(new KeyRange(key("x"), key("a"))),
                new Mutation.DeleteRange(new KeyRange(key("b"), key("cc")))));

    assertThat(effect.stream().map(NetEffectTest::text)).containsExactly("delete a to d");
  }

  @Test
  void theLastChangeOfARowCounts() {
    List<Mutation> effect =
        NetEffect.of(
            List.of(
                new Mutation.Put(key("a"), key("1")),
                new Mutation.Delete(key("a")),
                new Mutation.Delete(key("b")),
                new Mutation.Put(key("b"), key("2")),
                new Mutation.Put(key("c"), key("3")),
                new Mutation.DeleteRange(KeyRange.prefix(key("c")))));

    assertThat(effect.stream().map(NetEffectTest::text))
        .containsExactly("delete c to d", "delete a", "put b=2");
  }

  /** Among equal timestamps deletions win, so no key may be both put and deleted. */
  @Test
  void appliedInAnyOrderWithDeletionsWinningItIsWhatTheMutationsDoInTheirs() {
    SplittableRandom random = new SplittableRandom(1);
    for (int run = 0; run < RUNS; run++) {
      List<Mutation> mutations = new ArrayList<>();
      int count = random.nextInt(8);
      for (int i = 0; i < count; i++) {
        mutations.add(mutation(random));
      }
      assertThat(applyAtOnce(rows(), NetEffect.of(mutations)))
          .as(() -> mutations.stream().map(NetEffectTest::text).toList().toString())
          .isEqualTo(applyInOrder(rows(), mutations));
    }
  }

  private static Mutation mutation(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Mutation.Delete(key(random));
      case 1 ->
          new Mutation.DeleteRange(
              random.nextInt(4) == 0 ? KeyRange.prefix(key(random)) : range(random));
      default -> new Mutation.Put(key(random), new byte[] {(byte) random.nextInt()});
    };
  }

  private static KeyRange range(RandomGenerator random) {
    return random.nextInt(8) == 0
        ? KeyRange.ALL.after(key(random))
        : new KeyRange(key(random), key(random));
  }

  private static byte[] key(RandomGenerator random) {
    byte[] key = new byte[1 + random.nextInt(LONGEST_KEY)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(ALPHABET) - 1);
    }
    return key;
  }

  /** Every short key, with an old value. */
  private static NavigableMap<byte[], Integer> rows() {
    TreeMap<byte[], Integer> rows = new TreeMap<>(Arrays::compareUnsigned);
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 60; i++) {
      rows.put(key(random), 1000);
    }
    return rows;
  }

  private static Map<String, Integer> applyInOrder(
      NavigableMap<byte[], Integer> rows, List<Mutation> mutations) {
    for (Mutation mutation : mutations) {
      switch (mutation) {
        case Mutation.Put(byte[] key, byte[] value) -> rows.put(key, (int) value[0]);
        case Mutation.Delete(byte[] key) -> rows.remove(key);
        case Mutation.DeleteRange(KeyRange range) -> rows.keySet().removeIf(range::contains);
      }
    }
    return readable(rows);
  }

  private static Map<String, Integer> applyAtOnce(
      NavigableMap<byte[], Integer> rows, List<Mutation> mutations) {
    for (Mutation mutation : mutations) {
      if (mutation instanceof Mutation.Put(byte[] key, byte[] value)) {
        rows.put(key, (int) value[0]);
      }
    }
    for (Mutation mutation : mutations) {
      if (!(mutation instanceof Mutation.Put)) {
        applyInOrder(rows, List.of(mutation));
      }
    }
    return readable(rows);
  }

  private static Map<String, Integer> readable(NavigableMap<byte[], Integer> rows) {
    Map<String, Integer> readable = new HashMap<>();
    rows.forEach((key, value) -> readable.put(Arrays.toString(key), value));
    return readable;
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(Mutation mutation) {
    return switch (mutation) {
      case Mutation.Put(byte[] key, byte[] value) -> "put " + text(key) + "=" + text(value);
      case Mutation.Delete(byte[] key) -> "delete " + text(key);
      case Mutation.DeleteRange(KeyRange range) -> {
        byte[] to = range.to();
        String from = range.from().length == 0 ? ".." : text(range.from());
        yield "delete " + from + " to " + (to == null ? "end" : text(to));
      }
    };
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).replace("\0", "+0");
  }
}
