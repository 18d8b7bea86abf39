package org.everpost.server.outbound;

import java.util.List;

/**
 * A notification that is written, and where it goes: each of it is done once, whatever becomes of
 * the rest.
 *
 * @param deliveries each puts it into a mailbox of ours; throws {@link
 *     org.everpost.store.StoreUnavailableException} if it cannot be done now
 * @param leaving what of it has to leave
 */
public record Notice(List<Runnable> deliveries, List<Departure> leaving) {

  /** Nobody is told. */
  public static final Notice NONE = new Notice(List.of(), List.of());

  public Notice {
    deliveries = List.copyOf(deliveries);
    leaving = List.copyOf(leaving);
  }
}
