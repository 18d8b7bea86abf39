/**
 * <b>Purpose:</b> the commands of IMAP: from the bytes a client sends to sealed records.
 *
 * <p><b>Standards:</b> RFC 9051 and 3501; 2087/9208 (QUOTA), 2177 (IDLE), 2342 (NAMESPACE), 2971
 * (ID), 3502 (MULTIAPPEND), 3516 (BINARY), 3691 (UNSELECT), 4315 (UIDPLUS), 4731 (ESEARCH), 4959
 * (SASL-IR), 4978 (COMPRESS), 5032 (WITHIN), 5161 (ENABLE), 5182 (SEARCHRES), 5258 (LIST-EXTENDED),
 * 5819 (LIST-STATUS), 6154 (SPECIAL-USE), 6851 (MOVE), 6855 (UTF8=ACCEPT), 7162 (CONDSTORE,
 * QRESYNC), 7888 (LITERAL+), 8437 (UNAUTHENTICATE), 8438 (STATUS=SIZE), 8474 (OBJECTID), 8514
 * (SAVEDATE).
 *
 * <p><b>Map:</b> {@link org.everpost.wire.imap.CommandReader} takes lines and literals and says
 * what comes next ({@link org.everpost.wire.imap.CommandStep}); {@link
 * org.everpost.wire.imap.ImapCommand} is what comes out; {@code CommandParser} decides the grammar
 * in between. {@link org.everpost.wire.imap.BodySection} finds what FETCH asks for in a message.
 * Responses are in {@link org.everpost.wire.imap.response}.
 *
 * <p><b>Rules:</b> linear time, bounded memory, bounded nesting; a message literal never passes
 * through here. Mailbox names are plain Unicode inside, INBOX in capitals; flags are spelled as in
 * {@link org.everpost.wire.imap.Flag}.
 *
 * <p><b>Threads:</b> records are immutable; a reader belongs to one connection.
 *
 * <p><b>Failures:</b> {@link org.everpost.wire.imap.ImapSyntaxException} from the parser, which the
 * reader turns into {@link org.everpost.wire.imap.CommandStep.Failed}.
 */
@NullMarked
package org.everpost.wire.imap;

import org.jspecify.annotations.NullMarked;
