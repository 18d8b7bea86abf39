/**
 * <b>Purpose:</b> what every service and every command stands upon: the data directory, the store
 * the configuration asks for, and the parts of {@code core} above it.
 *
 * <p><b>Map:</b> {@link org.everpost.server.data.Foundation} has all of it; {@link
 * org.everpost.server.data.DataDirectory} is owned by one process at a time.
 *
 * <p><b>Rules:</b> whoever opens the store owns the data directory first. Closing goes in reverse.
 *
 * <p><b>Threads:</b> safe for any number of threads.
 *
 * <p><b>Failures:</b> {@link org.everpost.server.data.StartException}.
 */
@NullMarked
package org.everpost.server.data;

import org.jspecify.annotations.NullMarked;
