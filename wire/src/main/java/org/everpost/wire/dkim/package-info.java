/**
 * <b>Purpose:</b> signatures of domains on messages.
 *
 * <p><b>Standards:</b> RFC 6376 (DKIM), RFC 8301 (algorithms and key sizes), RFC 8463 (Ed25519),
 * RFC 8616 (internationalised domains); verdicts as in RFC 8601 §2.7.1.
 *
 * <p><b>Map:</b> {@link org.everpost.wire.dkim.DkimSigning} signs with any number of {@link
 * org.everpost.wire.dkim.DkimKey}s in one pass, {@link org.everpost.wire.dkim.DkimVerification}
 * checks in one. Beneath: {@link org.everpost.wire.dkim.DkimSignature} and {@link
 * org.everpost.wire.dkim.DkimKeyRecord} are tag lists, {@code BodyHash} and {@code CanonicalHeader}
 * what is hashed.
 *
 * <p><b>Rules:</b> messages have CR LF at line ends; tag lists are read strictly; headers, numbers
 * of signatures and sizes of keys are bounded.
 *
 * <p><b>Threads:</b> records are immutable; a signing or a verification belongs to one message and
 * one thread.
 *
 * <p><b>Failures:</b> {@code DkimSyntaxException}, which becomes a verdict; for what we publish
 * ourselves {@link java.lang.IllegalArgumentException}.
 */
@NullMarked
package org.everpost.wire.dkim;

import org.jspecify.annotations.NullMarked;
