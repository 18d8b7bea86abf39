/**
 * <b>Purpose:</b> what SMTP and LMTP say on the wire: commands, replies, message data.
 *
 * <p><b>Standards:</b> RFC 5321, 2033 (LMTP), 6409 (submission), 1870 (SIZE), 6152 (8BITMIME), 3030
 * (CHUNKING, BINARYMIME), 3207 (STARTTLS), 3461 (DSN), 4954 (AUTH), 6531 (SMTPUTF8), 3463 and 2034
 * (enhanced status codes), 8689 (REQUIRETLS), 9422 (LIMITS).
 *
 * <p><b>Map:</b> {@link org.everpost.wire.smtp.SmtpParser} makes a {@link
 * org.everpost.wire.smtp.SmtpCommand} of a line; {@link org.everpost.wire.smtp.Reply} is the
 * answer; {@link org.everpost.wire.smtp.DataDecoder} finds the end of a message. As a client:
 * {@link org.everpost.wire.smtp.ReplyParser} makes a {@link org.everpost.wire.smtp.PeerReply},
 * {@link org.everpost.wire.smtp.PeerCapabilities} says what an answer to EHLO offers.
 *
 * <p><b>Rules:</b> linear time in the length of the input; a parser throws nothing but its own
 * exception; only CR LF ends a line; what a peer says is kept only as printable ASCII.
 *
 * <p><b>Threads:</b> parsers and records are stateless or immutable; a decoder belongs to one
 * session.
 *
 * <p><b>Failures:</b> {@link org.everpost.wire.smtp.SmtpSyntaxException}, which carries its reply;
 * {@link org.everpost.wire.smtp.PeerReplyException}.
 */
@NullMarked
package org.everpost.wire.smtp;

import org.jspecify.annotations.NullMarked;
