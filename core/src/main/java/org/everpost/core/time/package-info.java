/**
 * <b>Purpose:</b> time and chance as things that are passed in, so that tests decide them.
 *
 * <p><b>Map:</b> {@link org.everpost.core.time.Clock}, {@link org.everpost.core.time.RandomSource}.
 *
 * <p><b>Rules:</b> nothing else asks the system for the time, sleeps, or makes random numbers.
 *
 * <p><b>Threads:</b> safe for any number of threads.
 *
 * <p><b>Failures:</b> none.
 */
@NullMarked
package org.everpost.core.time;

import org.jspecify.annotations.NullMarked;
