package org.everpost.core.event;

/** What the operator did. */
public sealed interface AdminEvent extends Event {

  /** A change of the directory by the operator: what was done and to which name. */
  record DirectoryChanged(String action, String name) implements AdminEvent {
    @Override
    public Level level() {
      return Level.INFO;
    }
  }
}
