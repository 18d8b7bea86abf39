package org.everpost.store.cassandra.managed;

import java.time.Duration;

/** What happens to a supervised node. */
public sealed interface NodeEvent {

  /** A child process was started. */
  record Started(long pid) implements NodeEvent {}

  /** The node serves its clients. */
  record Ready(long pid, Duration took) implements NodeEvent {}

  /** Parts of the node's commit log could not be read, and were left out: see {@code what}. */
  record Damaged(long pid, String what) implements NodeEvent {}

  /**
   * The child process ended although nobody asked it to; another is started after {@code pause}.
   */
  record Died(long pid, int exitCode, Duration pause) implements NodeEvent {}

  /** No child process could be started, or its files could not be cleared away. */
  record NotStarted(String reason) implements NodeEvent {}

  /** The child process lives but serves nobody any more: it is ended and started again. */
  record Unresponsive(long pid) implements NodeEvent {}

  /** A node that an earlier, killed parent left behind was ended. */
  record LeftoverEnded(long pid) implements NodeEvent {}

  /** The node was stopped; {@code killed} if it did not drain in time. */
  record Stopped(long pid, boolean killed) implements NodeEvent {}
}
