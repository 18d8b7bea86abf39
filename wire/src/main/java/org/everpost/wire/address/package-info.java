/**
 * <b>Purpose:</b> e-mail addresses and domain names as the protocols mean them.
 *
 * <p><b>Standards:</b> RFC 5321 §4.1.2, RFC 6531 (internationalised), RFC 5890 to 5892 (IDNA 2008,
 * with the mapping of UTS 46), RFC 3492 (Punycode).
 *
 * <p><b>Map:</b> {@link org.everpost.wire.address.EmailAddress}, {@link
 * org.everpost.wire.address.DomainName}.
 *
 * <p><b>Rules:</b> an instance that exists is valid; equal instances are the same address for us.
 *
 * <p><b>Threads:</b> records are immutable.
 *
 * <p><b>Failures:</b> {@link java.lang.IllegalArgumentException} from the factories, with a message
 * an operator understands.
 */
@NullMarked
package org.everpost.wire.address;

import org.jspecify.annotations.NullMarked;
