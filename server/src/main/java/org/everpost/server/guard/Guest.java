package org.everpost.server.guard;

import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection of somebody else. Whoever has it, its session's thread or the one that keeps it
 * waiting, tells what happens; others read it, and may have it cut.
 */
final class Guest implements Visit {

  private static final long NEVER = Long.MIN_VALUE;

  private final Guard guard;
  private final Gate gate;
  private final InetAddress address;
  private final Origin origin;

  /** By the clock's nanoseconds, as all times here. */
  private final long beganAt;

  private volatile PeerClass peerClass;
  private volatile boolean wasGood;

  /** Since when something is awaited from the peer. */
  private volatile long awaitedSince = NEVER;

  /** Since when the peer waits for us: at first for the greeting. */
  private volatile long owingSince = NEVER;

  /** How long the peer has waited for us before. */
  private volatile long owedNanos;

  /** While something is being sent: since when. */
  private volatile long sendingSince;

  private volatile boolean sending;

  private float frequency;
  private long enteredAt;

  /** Its place in the crowd, which alone uses it; -1: none. */
  private int place = -1;

  /** Used by the session's thread. */
  private boolean working;

  /** Whether it stands in the line for greetings; used by whoever has the session just now. */
  private boolean inLine;

  /** Whether it wrote to a spam trap; used by the session's thread alone. */
  private boolean caught;

  private @Nullable Runnable cutting;
  private volatile boolean cut;
  private volatile boolean ended;

  Guest(
      Guard guard,
      Gate gate,
      InetAddress address,
      Origin origin,
      long beganAt,
      PeerClass peerClass) {
    this.guard = guard;
    this.gate = gate;
    this.address = address;
    this.origin = origin;
    this.beganAt = beganAt;
    this.peerClass = peerClass;
  }

  Gate gate() {
    return gate;
  }

  InetAddress address() {
    return address;
  }

  Origin origin() {
    return origin;
  }

  long beganAt() {
    return beganAt;
  }

  int place() {
    return place;
  }

  void place(int next) {
    place = next;
  }

  /** When it came into the crowd. */
  void enteredAt(long nanos) {
    enteredAt = nanos;
    owedNanos = 0;
    if (awaitedSince == NEVER && owingSince == NEVER) {
      owingSince = nanos;
    }
  }

  /** How often its address, network and region came lately, when it came. */
  float frequency() {
    return frequency;
  }

  void frequency(float next) {
    frequency = next;
  }

  /** Nothing it brings earns trust any more. */
  void caught() {
    caught = true;
  }

  boolean isCaught() {
    return caught;
  }

  boolean hasEnded() {
    return ended;
  }

  @Override
  public PeerClass peerClass() {
    return peerClass;
  }

  void peerClass(PeerClass next) {
    peerClass = next;
    if (next == PeerClass.GOOD) {
      wasGood = true;
    }
  }

  /** Whoever lost its place to other good peers, or found none, is still known. */
  @Override
  public boolean isStranger() {
    return peerClass == PeerClass.UNKNOWN && !wasGood;
  }

  @Override
  public void awaitRecall() {
    guard.awaitRecall(this);
  }

  // ---- what the connection tells ----

  @Override
  public void awaits() {
    if (awaitedSince == NEVER) {
      long now = guard.clock().nanoTime();
      long owed = owedNanos + owingNanos(now);
      owedNanos = owed;
      owingSince = NEVER;
      awaitedSince = now;
    }
  }

  @Override
  public void progressed() {
    if (awaitedSince != NEVER) {
      owingSince = guard.clock().nanoTime();
      awaitedSince = NEVER;
    }
  }

  @Override
  public boolean isAwaited() {
    return awaitedSince != NEVER;
  }

  long silentNanos(long now) {
    long since = awaitedSince;
    return since == NEVER ? 0 : Math.max(0, now - since);
  }

  private long owingNanos(long now) {
    long since = owingSince;
    return since == NEVER ? 0 : Math.max(0, now - since);
  }

  /** How long it has been here, without what it waited for us. */
  long ownNanos(long now) {
    return now - enteredAt - owedNanos - owingNanos(now);
  }

  @Override
  public Duration patience(Duration usual) {
    return guard.patience(this, usual);
  }

  @Override
  public boolean needsTurn() {
    return !working && !cut && (peerClass == PeerClass.UNKNOWN || peerClass == PeerClass.BAD);
  }

  @Override
  public void takeTurn() {
    if (needsTurn()) {
      guard.turns(gate).take(this);
      working = true;
    }
  }

  @Override
  public void endTurn() {
    if (working) {
      working = false;
      guard.turns(gate).end(this);
    }
  }

  @Override
  public void sends() {
    sendingSince = guard.clock().nanoTime();
    sending = true;
  }

  @Override
  public void sent() {
    sending = false;
  }

  /** For how long the peer has not taken what is being sent. */
  long sendingNanos(long now) {
    return sending ? now - sendingSince : 0;
  }

  @Override
  public void onCut(Runnable action) {
    boolean now;
    synchronized (this) {
      cutting = action;
      now = cut;
    }
    if (now) {
      action.run();
    }
  }

  void cut() {
    Runnable action;
    synchronized (this) {
      cut = true;
      action = cutting;
    }
    if (action != null) {
      action.run();
    }
  }

  // ---- what the session tells ----

  @Override
  public Duration greetPause() {
    return guard.greetPause(this);
  }

  @Override
  public Duration standInLine() {
    if (inLine || !isStranger() || !guard.isNew(this)) {
      return Duration.ZERO;
    }
    inLine = true;
    return guard.line().enter();
  }

  private void leaveLine() {
    if (inLine) {
      inLine = false;
      guard.line().leave();
    }
  }

  @Override
  public void passed() {
    leaveLine();
    guard.passed(this);
  }

  @Override
  public boolean did(Misdeed misdeed) {
    return guard.did(this, misdeed);
  }

  @Override
  public void delivered() {
    guard.delivered(this);
  }

  @Override
  public void loggedIn() {
    guard.loggedIn(this);
  }

  @Override
  public Ruling judge(Envelope envelope) {
    return guard.judge(this, envelope);
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      endTurn();
      leaveLine();
      guard.door().leave(this);
    }
  }
}
