/**
 * <b>Purpose:</b> who has an address here: domains, accounts, aliases, catch-alls.
 *
 * <p><b>Standards:</b> RFC 5321 §2.3.5, §2.4 and §4.5.1 (local parts, postmaster), RFC 5233
 * (detail), RFC 6531; RFC 6376 and 8463 (keys).
 *
 * <p><b>Map:</b> {@link org.everpost.core.directory.Directory} answers and changes; {@link
 * org.everpost.core.directory.Account}, {@link org.everpost.core.directory.Resolution} and {@link
 * org.everpost.core.directory.Change} are its answers; {@link
 * org.everpost.core.directory.SigningKeys} has what a domain signs with; the row classes hold what
 * is stored.
 *
 * <p><b>Rules:</b> everything of a domain, its accounts included, is in the domain's partition:
 * {@code 01} settings, {@code 02 local part} account or alias, {@code 03} catch-all, {@code 04 id}
 * deleted account, {@code 05 selector} DKIM key, whose private half never leaves but to sign. An
 * account id is never used again. Local parts are matched without regard to case.
 *
 * <p><b>Threads:</b> safe for any number of threads.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreUnavailableException}; ordinary outcomes are
 * results.
 */
@NullMarked
package org.everpost.core.directory;

import org.jspecify.annotations.NullMarked;
