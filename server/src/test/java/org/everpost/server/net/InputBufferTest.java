package org.everpost.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.everpost.server.guard.Gate;
import org.everpost.server.guard.Guard;
import org.everpost.server.guard.TestGuard;
import org.everpost.server.guard.Visit;
import org.everpost.server.relay.StillClock;
import org.junit.jupiter.api.Test;

/** What came in time, on a machine where everything else is late. */
final class InputBufferTest {

  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final StillClock clock = new StillClock();

  /** A transport that nothing is sent over. */
  private abstract static class Receiver implements Transport {
    @Override
    public boolean computes() {
      return false;
    }

    @Override
    public boolean hasInput() {
      return false;
    }

    @Override
    public void write(byte[] source, int offset, int length) {}

    @Override
    public void flush() {}

    @Override
    public void finish() {}

    @Override
    public void release() {}
  }

  /** A transport where something comes just in time, and who waits for it wakes long after. */
  private final class Late extends Receiver {

    private final byte[] octets;

    Late(String text) {
      this.octets = text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int read(byte[] target, int offset, int length, long timeoutNanos) {
      assertThat(timeoutNanos).isPositive();
      System.arraycopy(octets, 0, target, offset, octets.length);
      return octets.length;
    }

    @Override
    public void await(long timeoutNanos) throws IOException {
      assertThat(timeoutNanos).isEqualTo(LIMIT.toNanos());
      clock.advance(LIMIT.multipliedBy(3));
      if (octets.length == 0) {
        throw new SocketTimeoutException();
      }
    }
  }

  /** A line in pieces. */
  private static final class Pieces extends Receiver {
    boolean computes;
    private final Iterator<String> pieces;
    private final Runnable waiting;

    Pieces(Iterator<String> pieces, Runnable waiting) {
      this.pieces = pieces;
      this.waiting = waiting;
    }

    @Override
    public int read(byte[] target, int offset, int length, long timeoutNanos) {
      byte[] next = pieces.next().getBytes(StandardCharsets.US_ASCII);
      assertThat(length).isGreaterThanOrEqualTo(next.length);
      System.arraycopy(next, 0, target, offset, next.length);
      return next.length;
    }

    @Override
    public boolean computes() {
      return computes;
    }

    @Override
    public void await(long timeoutNanos) {
      waiting.run();
    }
  }

  /** Thousands may leave a line at half. */
  @Test
  void whoIsWaitedForWithinALineHoldsNoBuffer() throws IOException {
    BufferPool pool = new BufferPool(1_000, 1);
    byte[] only = pool.take();
    pool.give(only);
    only[999] = 42;
    List<Byte> marks = new ArrayList<>();
    Runnable waiting =
        () -> {
          byte[] free = pool.take();
          marks.add(free[999]); // 0 if it is a new one
          pool.give(free);
        };
    List<String> pieces = List.of("A".repeat(300), "B", "C".repeat(400), "\r\nD", "\n", "E\n");
    InputBuffer buffer = buffer(new Pieces(pieces.iterator(), waiting), pool);
    assertThat(buffer.readLine(999).latin1()).isEqualTo("A".repeat(300) + "B" + "C".repeat(400));
    assertThat(buffer.readLine(999).latin1()).isEqualTo("D");
    assertThat(buffer.readLine(999).latin1()).isEqualTo("E");
    assertThat(marks).hasSize(6).containsOnly((byte) 42);
  }

  /** Whether the turn is held at each read, for a line in so many pieces. */
  private List<Integer> turnsWhileReading(int count, boolean computes) throws IOException {
    Guard guard = TestGuard.bare(10, 10);
    try (Visit stranger = (Visit) guard.enter(Gate.MX, InetAddress.ofLiteral("192.0.2.1"))) {
      List<Integer> taken = new ArrayList<>();
      Iterator<String> pieces =
          Stream.concat(Collections.nCopies(count - 1, "N").stream(), Stream.of("\n"))
              .peek(piece -> taken.add(TestGuard.turnsTaken(guard)))
              .iterator();
      Runnable waiting = () -> assertThat(TestGuard.turnsTaken(guard)).isZero();
      Pieces transport = new Pieces(pieces, waiting);
      transport.computes = computes;
      InputBuffer buffer = buffer(transport, new BufferPool(1_000, 1), stranger);
      assertThat(buffer.readLine(999).latin1()).hasSize(count - 1);
      assertThat(TestGuard.turnsTaken(guard)).isOne();
      return taken;
    }
  }

  /** Thousands may drip. */
  @Test
  void octetsOfALineAreNoWorkUntilItsEnd() throws IOException {
    assertThat(turnsWhileReading(6, false)).containsExactly(1, 0, 0, 0, 0, 0);
  }

  @Test
  void whatHasToBeDecipheredIsWork() throws IOException {
    assertThat(turnsWhileReading(6, true)).containsOnly(1);
  }

  @Test
  void manyPiecesOfOneLineAreWork() throws IOException {
    List<Integer> taken = turnsWhileReading(100, false);
    assertThat(taken.subList(1, 17)).containsOnly(0);
    assertThat(taken.subList(17, 100)).containsOnly(1);
  }

  @Test
  void whatIsIgnoredComesToAnEnd() throws IOException {
    BufferPool pool = new BufferPool(1_000, 1);
    Iterator<String> lines = Collections.nCopies(9, "NOOP\r\nNO").iterator();
    buffer(new Pieces(lines, () -> {}), pool).ignore(5, 100);
    assertThat(lines).toIterable().hasSize(4);
    Iterator<String> octets = Collections.nCopies(9, "N").iterator();
    buffer(new Pieces(octets, () -> {}), pool).ignore(5, 7);
    assertThat(octets).toIterable().hasSize(2);
    Iterator<String> slow = Collections.nCopies(9, "N").iterator();
    Runnable half = () -> clock.advance(LIMIT.dividedBy(2));
    assertThatThrownBy(() -> buffer(new Pieces(slow, half), pool).ignore(5, 7))
        .isInstanceOf(IdleTimeoutException.class);
    assertThat(slow).toIterable().hasSize(7);
  }

  private InputBuffer buffer(String text) {
    return buffer(new Late(text), new BufferPool(1_000, 1));
  }

  private InputBuffer buffer(Transport transport, BufferPool pool) {
    return buffer(transport, pool, Visit.ours());
  }

  private InputBuffer buffer(Transport transport, BufferPool pool, Visit visit) {
    InputBuffer buffer = new InputBuffer(transport, pool, clock, new Drain(new Socket()), visit);
    buffer.readTimeout(LIMIT.toNanos());
    return buffer;
  }

  @Test
  void whoSpokeEarlyWasNotSilent() throws IOException {
    assertThat(buffer("EHLO x\r\n").isSilent()).isFalse();
    assertThat(buffer("").isSilent()).isTrue();
  }

  @Test
  void aCommandThatCameInTimeIsRead() throws IOException {
    assertThat(buffer("NOOP\r\n").readLine(100).latin1()).isEqualTo("NOOP");
    assertThatThrownBy(() -> buffer("").readLine(100)).isInstanceOf(IdleTimeoutException.class);
  }
}
