/**
 * <b>Purpose:</b> how much an account may send elsewhere, and how much it has sent lately: so that
 * a stolen password does not send a hundred thousand messages before breakfast.
 *
 * <p><b>Standards:</b> none.
 *
 * <p><b>Map:</b> {@link org.everpost.core.sending.SendingRules} says how much an account may;
 * {@link org.everpost.core.sending.SendingMeter} counts; {@code SentLately} is what is counted and
 * stored.
 *
 * <p><b>Rules:</b> on one node nobody sends more than he may, however many sessions he has. Of what
 * other nodes accepted the last two seconds may be missing, and after a crash the last moments.
 *
 * <p><b>Threads:</b> the meter is safe for any number of threads, the rest is immutable.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreUnavailableException}.
 */
@NullMarked
package org.everpost.core.sending;

import org.jspecify.annotations.NullMarked;
