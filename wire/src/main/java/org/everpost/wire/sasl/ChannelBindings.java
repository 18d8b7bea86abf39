package org.everpost.wire.sasl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the connection below an exchange can be bound by. */
@FunctionalInterface
public interface ChannelBindings {

  /** The types that are good enough: RFC 9266, RFC 5929 §4. */
  List<String> TYPES = List.of("tls-exporter", "tls-server-end-point");

  /** There are none. */
  ChannelBindings NONE = _ -> null;

  /** The octets of a type of {@link #TYPES}, or null if the connection does not have them. */
  byte @Nullable [] of(String type);

  /** Whether there is any. */
  default boolean any() {
    return TYPES.stream().anyMatch(type -> of(type) != null);
  }
}
