/**
 * <b>Purpose:</b> puts accepted messages into mailboxes.
 *
 * <p><b>Map:</b> {@link org.everpost.core.delivery.Delivery}.
 *
 * <p><b>Rules:</b> when {@code deliver} returns {@code Delivered}, the message is durable.
 *
 * <p><b>Threads:</b> safe for any number of threads.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreUnavailableException}.
 */
@NullMarked
package org.everpost.core.delivery;

import org.jspecify.annotations.NullMarked;
