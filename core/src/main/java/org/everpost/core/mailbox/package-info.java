/**
 * <b>Purpose:</b> the mailboxes of an account and the messages in them.
 *
 * <p><b>Standards:</b> RFC 9051 §2.3 and §5 (names, UIDs, flags), RFC 7162 (MODSEQ), RFC 8474
 * (object ids), RFC 8514 (save date), RFC 6154 (special use), RFC 9208 (quota).
 *
 * <p><b>Map:</b> {@link org.everpost.core.mailbox.Mailboxes} opens an account; {@link
 * org.everpost.core.mailbox.MailAccount} has the verbs; {@link
 * org.everpost.core.mailbox.AccountView} and {@link org.everpost.core.mailbox.MailboxView} are what
 * readers see; {@code Draft} gathers one commit; the classes named {@code …Row} hold what is
 * stored.
 *
 * <p><b>Rules:</b> the account's version is the MODSEQ of all its mailboxes. A view is immutable
 * and of exactly one version. Counts, usage and the change log are written in the commit that
 * changes them. A UID is never given twice under one UIDVALIDITY. A partition without rows that has
 * a version was deleted with its account, and is never filled again.
 *
 * <p><b>Threads:</b> everything is safe for any number of threads. The changes of one account are
 * made by one of the waiting threads at a time for all of them ({@link
 * org.everpost.core.commit.CommitQueue}).
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreException}; ordinary outcomes are results.
 */
@NullMarked
package org.everpost.core.mailbox;

import org.jspecify.annotations.NullMarked;
