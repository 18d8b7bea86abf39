/**
 * <b>Purpose:</b> the program: where it begins, and the one place where its parts are put together.
 *
 * <p><b>Map:</b> {@link org.everpost.server.Main} begins; {@link org.everpost.server.Server} puts
 * the parts together, from the store to the listeners.
 *
 * <p><b>Rules:</b> nothing else calls the constructors of parts. What is opened is closed in
 * reverse.
 *
 * <p><b>Threads:</b> the main thread waits; the shutdown hook stops the server.
 *
 * <p><b>Failures:</b> {@link org.everpost.server.data.StartException}, told to the operator.
 */
@NullMarked
package org.everpost.server;

import org.jspecify.annotations.NullMarked;
