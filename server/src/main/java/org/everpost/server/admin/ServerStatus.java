package org.everpost.server.admin;

import java.util.Map;

/** What a running server says of itself. */
@FunctionalInterface
public interface ServerStatus {

  /** Names and values (text, numbers, flags, lists and maps of them), in the order to show. */
  Map<String, Object> now();
}
