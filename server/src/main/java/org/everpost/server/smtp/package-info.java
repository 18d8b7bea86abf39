/**
 * <b>Purpose:</b> takes mail in: from other servers (MX), from local programs (LMTP) and from our
 * users (submission).
 *
 * <p><b>Standards:</b> RFC 5321, 2033 (LMTP), 6409 (submission), 1870, 2034, 2920, 3030, 3207, 3461
 * §5.2, 3848, 4954, 6152, 6531, 8689, 9422.
 *
 * <p><b>Map:</b> {@link org.everpost.server.smtp.SmtpService} makes the sessions; {@code
 * SmtpSession} reads commands and gives each to its handler; {@code Sequence} says which command
 * may come when; {@code MessageIntake} stores a message and delivers it.
 *
 * <p><b>Rules:</b> 250 for a message is said only after it is durable in every account. A message
 * is never whole in memory. Replies leave in one piece for each group of pipelined commands.
 *
 * <p><b>Threads:</b> a session is its connection's thread alone; handlers have no state.
 *
 * <p><b>Failures:</b> {@link java.io.IOException} when the connection ends; store failures become
 * 451 and anything unexpected 421, and leave the session as they came.
 */
@NullMarked
package org.everpost.server.smtp;

import org.jspecify.annotations.NullMarked;
