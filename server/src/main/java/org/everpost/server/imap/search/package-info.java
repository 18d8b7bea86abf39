/**
 * <b>Purpose:</b> which messages of a mailbox a SEARCH means.
 *
 * <p><b>Standards:</b> RFC 9051 §6.4.4, RFC 5032 (WITHIN), RFC 7162 §3.1.5, RFC 8474 §6, RFC 8514.
 *
 * <p><b>Map:</b> {@link org.everpost.server.imap.search.MessageSearch} goes over a mailbox; it asks
 * a Criterion, made of the search's keys by CriterionCompiler; TextScan reads bodies.
 *
 * <p><b>Rules:</b> what the list of messages can decide is decided there; then envelopes are read,
 * in batches, of those left; and only of those still left the octets, each at most once.
 *
 * <p><b>Threads:</b> a search belongs to one thread.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreException}; a damaged message does not match.
 */
@NullMarked
package org.everpost.server.imap.search;

import org.jspecify.annotations.NullMarked;
