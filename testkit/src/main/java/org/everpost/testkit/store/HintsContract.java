package org.everpost.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.everpost.store.Hints;
import org.junit.jupiter.api.Test;

/** What an engine promises of its hints. */
public abstract class HintsContract {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final String TABLE = "greylist";

  /** The engine under test; it may have been used before. */
  protected abstract Hints hints();

  /** Lets the engine's time pass, by moving its clock or by really waiting. */
  protected abstract void letPass(Duration duration) throws Exception;

  protected Effort effort() {
    return Effort.QUICK;
  }

  @Test
  void aHintIsThereUntilItIsDeleted() {
    byte[] key = key();
    assertThat(hints().get(TABLE, key)).isNull();
    hints().put(TABLE, key, bytes("one"), HOUR);
    assertThat(hints().get(TABLE, key)).isEqualTo(bytes("one"));
    hints().put(TABLE, key, bytes("two"), HOUR);
    assertThat(hints().get(TABLE, key)).isEqualTo(bytes("two"));
    hints().put(TABLE, key, new byte[0], HOUR);
    assertThat(hints().get(TABLE, key)).isEmpty();
    hints().delete(TABLE, key);
    assertThat(hints().get(TABLE, key)).isNull();
    hints().delete(TABLE, key);
    hints().put(TABLE, key, bytes("three"), HOUR);
    assertThat(hints().get(TABLE, key)).isEqualTo(bytes("three"));
  }

  @Test
  void tablesNeverMeet() {
    byte[] key = key();
    byte[] withPrefix = bytes("a" + Ledgers.text(key));
    hints().put("t", withPrefix, bytes("1"), HOUR);
    hints().put("ta", key, bytes("2"), HOUR);
    assertThat(hints().get("t", key)).isNull();
    assertThat(hints().get("t", withPrefix)).isEqualTo(bytes("1"));
    assertThat(hints().get("ta", key)).isEqualTo(bytes("2"));
    hints().delete("t", withPrefix);
    assertThat(hints().get("ta", key)).isEqualTo(bytes("2"));
  }

  @Test
  void aHintEndsWithItsTime() throws Exception {
    byte[] shortLived = key();
    byte[] longLived = key();
    byte[] renewed = key();
    hints().put(TABLE, shortLived, bytes("x"), Duration.ofSeconds(3));
    hints().put(TABLE, longLived, bytes("x"), Duration.ofDays(400));
    hints().put(TABLE, renewed, bytes("x"), Duration.ofSeconds(3));
    assertThat(hints().get(TABLE, shortLived)).isNotNull();
    hints().put(TABLE, renewed, bytes("y"), HOUR);
    letPass(Duration.ofSeconds(4));
    assertThat(hints().get(TABLE, shortLived)).isNull();
    assertThat(hints().get(TABLE, longLived)).isEqualTo(bytes("x"));
    assertThat(hints().get(TABLE, renewed)).isEqualTo(bytes("y"));
    hints().put(TABLE, shortLived, bytes("z"), HOUR);
    assertThat(hints().get(TABLE, shortLived)).isEqualTo(bytes("z"));
  }

  @Test
  void theLastWriterWins() throws Exception {
    List<Callable<byte[]>> writers = new ArrayList<>();
    for (int i = 0; i < effort().writers(); i++) {
      byte[] key = key();
      writers.add(() -> {
        for (int n = 0; n < effort().commits(); n++) {
          hints().put(TABLE, key, bytes("value " + n), HOUR);
          assertThat(hints().get(TABLE, key)).isEqualTo(bytes("value " + n));
        }
        return key;
      });
    }
    for (byte[] key : Ledgers.atOnce(writers)) {
      assertThat(hints().get(TABLE, key)).isEqualTo(bytes("value " + (effort().commits() - 1)));
    }
  }

  @Test
  void whatIsWithinTheLimitsWorks() {
    byte[] longest = Arrays.copyOf(key(), Hints.MAX_KEY_OCTETS);
    byte[] largest = new byte[Hints.MAX_VALUE_OCTETS];
    String table = "a-table-of-32-characters-0123456";
    hints().put(table, longest, largest, Duration.ofDays(400));
    assertThat(hints().get(table, longest)).isEqualTo(largest);
    byte[] binary = Arrays.copyOf(key(), 40);
    Arrays.fill(binary, 30, 40, (byte) 0xff);
    hints().put(table, binary, bytes("x"), HOUR);
    assertThat(hints().get(table, binary)).isEqualTo(bytes("x"));
  }

  @Test
  void whatExceedsALimitIsRefused() {
    byte[] value = bytes("x");
    refused(TABLE, new byte[0], value, HOUR);
    refused(TABLE, new byte[Hints.MAX_KEY_OCTETS + 1], value, HOUR);
    refused(TABLE, key(), new byte[Hints.MAX_VALUE_OCTETS + 1], HOUR);
    refused(TABLE, key(), value, Duration.ofMillis(999));
    refused(TABLE, key(), value, Duration.ofDays(400).plusSeconds(1));
    refused("", key(), value, HOUR);
    refused("Upper", key(), value, HOUR);
    refused("a-table-of-33-characters-01234567", key(), value, HOUR);
    assertThatThrownBy(() -> hints().get("no/table", key()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hints().delete(TABLE, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void refused(String table, byte[] key, byte[] value, Duration timeToLive) {
    assertThatThrownBy(() -> hints().put(table, key, value, timeToLive))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] key() {
    return bytes(Ledgers.partition().id());
  }

  private static byte[] bytes(String text) {
    return Ledgers.bytes(text);
  }
}
