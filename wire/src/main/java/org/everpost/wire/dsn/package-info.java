/**
 * <b>Purpose:</b> notifications about what became of a message.
 *
 * <p><b>Standards:</b> RFC 3461 §6, RFC 3464 (the status), RFC 6522 (the report), RFC 6533 (for
 * addresses beyond ASCII), RFC 3834 (automatic answers), RFC 3463 and RFC 5248 (status codes).
 *
 * <p><b>Map:</b> {@link org.everpost.wire.dsn.DeliveryStatus} is what there is to say; {@link
 * org.everpost.wire.dsn.Notification} is the message that says it: to people by {@code HumanText}
 * and {@link org.everpost.wire.dsn.Explanation}, to programs by {@code StatusRenderer}. {@link
 * org.everpost.wire.dsn.DeliveryStatusParser} reads what others send.
 *
 * <p><b>Rules:</b> addresses and the words of other servers are hostile: they pass through {@code
 * SafeText} or {@link org.everpost.wire.dsn.TypedValue} and never end a line.
 *
 * <p><b>Threads:</b> everything is immutable or stateless.
 *
 * <p><b>Failures:</b> {@link java.lang.IllegalArgumentException} from constructors; the parser has
 * none.
 */
@NullMarked
package org.everpost.wire.dsn;

import org.jspecify.annotations.NullMarked;
