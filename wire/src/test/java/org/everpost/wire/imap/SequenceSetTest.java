package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.everpost.wire.imap.SequenceSet.STAR;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SequenceSetTest {

  @Test
  void resolve() {
    // RFC 9051 §9, examples of sequence-set.
    assertThat(SequenceSet.of(2, 2, 4, 7, 9, 9, 12, STAR).resolve(15)).hasToString("2,4:7,9,12:15");
    assertThat(SequenceSet.of(STAR, 4, 5, 7).resolve(10)).hasToString("4:10");
    assertThat(SequenceSet.of(12, STAR).resolve(9)).hasToString("9:12");
    assertThat(SequenceSet.of(STAR, STAR).resolve(9)).hasToString("9");
    assertThat(SequenceSet.of(1, STAR).resolve(0)).isEqualTo(NumberSet.EMPTY);
    assertThat(SequenceSet.of(3, 1, 2, 5).resolve(0)).hasToString("1:5");
    assertThatThrownBy(() -> SequenceSet.SAVED.resolve(1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatItWasGiven() {
    SequenceSet set = SequenceSet.of(9, 4, STAR, STAR);
    assertThat(set).hasToString("9:4,*").isEqualTo(SequenceSet.of(9, 4, 0, 0));
    assertThat(set.hasStar()).isTrue();
    assertThat(set.largest()).isEqualTo(9);
    assertThat(set.rangeCount()).isEqualTo(2);
    assertThat(set.first(0)).isEqualTo(9);
    assertThat(set.last(0)).isEqualTo(4);
    assertThat(SequenceSet.SAVED).hasToString("$");
    assertThatThrownBy(() -> SequenceSet.of(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SequenceSet.of(1, NumberSet.MAX + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void numbersLikeASet() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      long[] bounds = new long[2 * (1 + random.nextInt(20))];
      TreeSet<Long> expected = new TreeSet<>();
      for (int i = 0; i < bounds.length; i += 2) {
        bounds[i] = 1L + random.nextInt(100);
        bounds[i + 1] = 1L + random.nextInt(100);
        for (long n = Math.min(bounds[i], bounds[i + 1]);
            n <= Math.max(bounds[i], bounds[i + 1]);
            n++) {
          expected.add(n);
        }
      }
      NumberSet set = SequenceSet.of(bounds).resolve(1);
      List<Long> numbers = new ArrayList<>();
      set.forEach(numbers::add);
      assertThat(numbers).containsExactlyElementsOf(expected);
      assertThat(set.size()).isEqualTo(expected.size());
      for (long n = 0; n <= 101; n++) {
        assertThat(set.contains(n)).isEqualTo(expected.contains(n));
      }
      assertThat(NumberSet.of(expected.stream().mapToLong(Long::longValue).toArray()))
          .isEqualTo(set);
    }
  }

  @Test
  void numberSets() {
    assertThat(NumberSet.range(5, 4)).isEqualTo(NumberSet.EMPTY).hasToString("");
    assertThat(NumberSet.range(1, NumberSet.MAX).size()).isEqualTo(NumberSet.MAX);
    assertThat(NumberSet.of(3, 1, 2, 2, 9)).hasToString("1:3,9");
    assertThatThrownBy(() -> new NumberSet.Builder().add(5).add(4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NumberSet.Builder().add(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
