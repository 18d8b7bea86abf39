/**
 * <b>Purpose:</b> POP3: an account's inbox for clients that fetch and delete.
 *
 * <p><b>Standards:</b> RFC 1939, 2449, 2595, 3206, 5034, 6856.
 *
 * <p><b>Map:</b> {@code Pop3Session} is the dialogue; {@code Maildrop} the messages of its
 * TRANSACTION state.
 *
 * <p><b>Rules:</b> a session sees the inbox as it was at login and deletes at QUIT only. A
 * unique-id is {@code uidValidity} and UID in hexadecimal, so it never changes and is never used
 * again. Deviates from RFC 1939 §4: the maildrop is not locked, because a snapshot does not need
 * it.
 *
 * <p><b>Threads:</b> a session is one virtual thread.
 *
 * <p><b>Failures:</b> {@link java.io.IOException} when the connection ends.
 */
@NullMarked
package org.everpost.server.pop3;

import org.jspecify.annotations.NullMarked;
