/**
 * <b>Purpose:</b> passwords: stored forms of them, logging in, and what slows guessing down.
 *
 * <p><b>Standards:</b> RFC 9106 (Argon2), RFC 5802 and 7677 (SCRAM-SHA-256), RFC 8265 and RFC 4013
 * (which characters mean the same).
 *
 * <p><b>Map:</b> {@link org.everpost.core.password.Authenticator} decides about a login; {@link
 * org.everpost.core.password.PasswordHashing} makes and verifies stored forms.
 *
 * <p><b>Rules:</b> a password is never logged and never stored in plain text. Hashing runs on a
 * small pool of its own because it is expensive on purpose.
 *
 * <p><b>Threads:</b> safe for any number of threads.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreUnavailableException}; ordinary outcomes are
 * results.
 */
@NullMarked
package org.everpost.core.password;

import org.jspecify.annotations.NullMarked;
