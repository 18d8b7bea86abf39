/**
 * <b>Purpose:</b> the IMAP server: sessions, and what each command does.
 *
 * <p><b>Standards:</b> RFC 9051 and 3501; 2177 (IDLE), 2342 (NAMESPACE), 2971 (ID), 3502
 * (MULTIAPPEND), 3516 (BINARY), 3691 (UNSELECT), 4315 (UIDPLUS), 4731 (ESEARCH), 4959 (SASL-IR),
 * 4978 (COMPRESS), 5032 (WITHIN), 5161 (ENABLE), 5182 (SEARCHRES), 5258 (LIST-EXTENDED), 5530
 * (response codes), 5819 (LIST-STATUS), 6154 (SPECIAL-USE), 6851 (MOVE), 6855 (UTF8=ACCEPT), 7162
 * (CONDSTORE, QRESYNC), 7888 (LITERAL+), 7889 (APPENDLIMIT), 8437 (UNAUTHENTICATE), 8438
 * (STATUS=SIZE), 8474 (OBJECTID), 8514 (SAVEDATE), 9208 (QUOTA).
 *
 * <p><b>Map:</b> {@link org.everpost.server.imap.ImapService} → ImapSession (the loop) → Commands
 * (command and state to handler) → the handlers, one a command or small family. ViewSync tells a
 * client what others changed. {@code fetch} and {@code search} below have the two large commands.
 *
 * <p><b>Rules:</b> a session keeps the view its client knows and nothing of its own about messages;
 * message numbers are places in that view. Only the session's thread writes. No EXPUNGE while the
 * client may be using message numbers (RFC 9051 §7.5.1); till then what went stays in the view, and
 * all else is told.
 *
 * <p><b>Threads:</b> handlers are stateless and shared by all sessions; a session belongs to its
 * thread. IDLE lends reading to a second one.
 *
 * <p><b>Failures:</b> {@link org.everpost.server.net.ConnectionException}; all else becomes a
 * reply.
 */
@NullMarked
package org.everpost.server.imap;

import org.jspecify.annotations.NullMarked;
