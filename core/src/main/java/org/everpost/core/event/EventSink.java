package org.everpost.core.event;

/** Takes events. Never blocks for long and never throws. */
@FunctionalInterface
public interface EventSink {

  /** Forgets everything. */
  EventSink NONE = event -> {};

  void accept(Event event);
}
