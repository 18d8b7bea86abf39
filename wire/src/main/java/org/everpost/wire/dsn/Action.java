package org.everpost.wire.dsn;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What was done for a recipient (RFC 3464 §2.3.3); the first ones matter most to a sender. */
public enum Action {
  FAILED,
  DELAYED,
  /** To a server that sends no notifications. */
  RELAYED,
  EXPANDED,
  DELIVERED;

  /** As it stands in the field. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Null if it is none of these. */
  static @Nullable Action of(String keyword) {
    for (Action action : values()) {
      if (action.name().equalsIgnoreCase(keyword)) {
        return action;
      }
    }
    return null;
  }
}
