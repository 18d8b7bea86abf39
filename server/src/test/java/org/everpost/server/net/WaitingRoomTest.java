package org.everpost.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers wait until their time is over, or until they do something. */
final class WaitingRoomTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(10);

  private final Clock clock = Clock.system();
  private final WaitingRoom room = new WaitingRoom(clock);
  private final Thread thread = Thread.ofPlatform().daemon().start(room);
  private final List<SocketChannel> open = new ArrayList<>();
  private ServerSocketChannel listener;

  @BeforeEach
  void listen() throws IOException {
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
  }

  @AfterEach
  void close() throws Exception {
    room.close();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    for (SocketChannel channel : open) {
      channel.close();
    }
    listener.close();
  }

  /** One that waits, and the other end of its connection. */
  private final class Waiting implements WaitingRoom.Peer {
    final SocketChannel theirs;
    final SocketChannel ours;
    final CompletableFuture<Boolean> left = new CompletableFuture<>();
    final AtomicInteger longer = new AtomicInteger();
    volatile boolean stirred;

    Waiting() throws IOException {
      theirs = SocketChannel.open(listener.getLocalAddress());
      ours = listener.accept();
      open.add(theirs);
      open.add(ours);
    }

    @Override
    public SocketChannel channel() {
      return ours;
    }

    @Override
    public void stirs() {
      stirred = true;
    }

    @Override
    public Duration longer() {
      return longer.getAndDecrement() > 0 ? SHORT : Duration.ZERO;
    }

    @Override
    public void leaves(boolean silent) {
      assertThat(stirred && silent).isFalse();
      assertThat(left.complete(silent)).as("it leaves once").isTrue();
    }

    boolean leavesSilently() throws Exception {
      return left.get(20, TimeUnit.SECONDS);
    }

    void say(String text) throws IOException {
      theirs.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private Waiting enter(Duration pause) throws IOException {
    Waiting its = new Waiting();
    room.enter(its, pause);
    return its;
  }

  @Test
  void whoIsSilentLeavesWhenItsTimeIsOver() throws Exception {
    long began = clock.nanoTime();
    Waiting its = enter(SHORT);
    assertThat(its.leavesSilently()).isTrue();
    assertThat(clock.nanoTime() - began).isGreaterThanOrEqualTo(SHORT.toNanos());
    assertThat(its.ours.isBlocking()).isTrue();
  }

  @Test
  void itsTimeMayBecomeLonger() throws Exception {
    long began = clock.nanoTime();
    Waiting its = new Waiting();
    its.longer.set(2);
    room.enter(its, SHORT);
    assertThat(its.leavesSilently()).isTrue();
    assertThat(clock.nanoTime() - began).isGreaterThanOrEqualTo(3 * SHORT.toNanos());
  }

  @Test
  void whoSpeaksLeavesAtOnceAndWhatItSaidIsThere() throws Exception {
    Waiting others = enter(LONG);
    Waiting its = enter(LONG);
    its.say("EHLO x");
    assertThat(its.leavesSilently()).isFalse();
    ByteBuffer said = ByteBuffer.allocate(10);
    assertThat(its.ours.read(said)).isEqualTo(6);
    assertThat(others.left).isNotDone();
  }

  @Test
  void whoSpokeBeforeItCameLeavesAtOnce() throws Exception {
    Waiting its = new Waiting();
    its.say("EHLO x");
    room.enter(its, LONG);
    assertThat(its.leavesSilently()).isFalse();
  }

  @Test
  void whoSpokeBeforeItCameIsHeardHoweverShortItsTime() throws Exception {
    for (int i = 0; i < 50; i++) {
      Waiting its = new Waiting();
      its.say("EHLO x");
      room.enter(its, Duration.ofNanos(1));
      assertThat(its.leavesSilently()).isFalse();
    }
  }

  @Test
  void whoIsGoneLeavesAtOnce() throws Exception {
    Waiting closed = enter(LONG);
    closed.theirs.close();
    assertThat(closed.leavesSilently()).isFalse();
    Waiting woken = enter(LONG);
    woken.ours.socket().shutdownInput();
    assertThat(woken.leavesSilently()).isFalse();
    Waiting never = new Waiting();
    never.ours.close();
    room.enter(never, LONG);
    assertThat(never.leavesSilently()).isFalse();
  }

  @Test
  void whoIsCutOffMeanwhileIsGone() throws Exception {
    Waiting its = enter(SHORT.multipliedBy(3));
    Waiting before = enter(SHORT);
    before.leavesSilently(); // so the other has its seat
    its.ours.close();
    assertThat(its.theirs.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    assertThat(its.leavesSilently()).isFalse();
    assertThat(its.ours.isOpen()).isFalse();
  }

  @Test
  void manyWaitAndEachLeavesForItsOwnReason() throws Exception {
    List<Waiting> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(enter(i % 3 == 0 ? SHORT.plusMillis(i) : LONG));
    }
    for (int i = 1; i < 300; i += 3) {
      all.get(i).say("x");
    }
    for (int i = 0; i < 300; i++) {
      if (i % 3 != 2) {
        assertThat(all.get(i).leavesSilently()).isEqualTo(i % 3 == 0);
      }
    }
    for (int i = 2; i < 300; i += 3) {
      assertThat(all.get(i).left).isNotDone();
    }
  }

  @Test
  void allLeaveWhenItClosesWhileTheySpeak() throws Exception {
    List<Waiting> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(enter(LONG));
    }
    for (Waiting its : all) {
      its.say("x");
    }
    room.close();
    for (Waiting its : all) {
      assertThat(its.leavesSilently()).isFalse();
      assertThat(its.ours.isBlocking()).isTrue();
    }
  }

  @Test
  void whoComesBeforeItRunsLeavesWhenItCloses() throws Exception {
    WaitingRoom never = new WaitingRoom(clock);
    Waiting its = new Waiting();
    never.enter(its, LONG);
    never.close();
    assertThat(its.leavesSilently()).isFalse();
  }

  @Test
  void allLeaveWhenItCloses() throws Exception {
    Waiting before = enter(LONG);
    room.close();
    assertThat(before.leavesSilently()).isFalse();
    assertThat(before.ours.isBlocking()).isTrue();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    assertThat(enter(LONG).leavesSilently()).as("it is closed").isFalse();
  }
}
