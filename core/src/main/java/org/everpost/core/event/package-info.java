/**
 * <b>Purpose:</b> the one vocabulary of what happens: every log line and every metric is an event.
 *
 * <p><b>Map:</b> {@link org.everpost.core.event.Event} is the closed family, one sealed interface a
 * feature, in a file of its name; {@link org.everpost.core.event.EventSink} takes them; EventLog
 * writes them as lines.
 *
 * <p><b>Rules:</b> a field's name is its key in the log. No event carries a password, a token or
 * message text. ERROR means: wake somebody or mend a bug.
 *
 * <p><b>Threads:</b> events are immutable; sinks are safe for any number of threads.
 *
 * <p><b>Failures:</b> a sink never throws.
 */
@NullMarked
package org.everpost.core.event;

import org.jspecify.annotations.NullMarked;
