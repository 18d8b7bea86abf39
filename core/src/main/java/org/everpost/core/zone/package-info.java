/**
 * <b>Purpose:</b> the DNS records a domain of ours needs: what they should be, and what they are.
 *
 * <p><b>Standards:</b> RFC 1035 §5.1 (how they are written), 5321 (MX), 6186 and 8314 (SRV), 6376
 * (DKIM), 7208 (SPF), 8460 (TLS-RPT), 8461 (MTA-STS), 9989 (DMARC).
 *
 * <p><b>Map:</b> {@link org.everpost.core.zone.DomainRecords} makes {@link
 * org.everpost.core.zone.ZoneRecord}s of {@link org.everpost.core.zone.DomainFacts}; {@link
 * org.everpost.core.zone.ZoneCheck} looks for them, which gives a {@link
 * org.everpost.core.zone.Finding} each. {@link org.everpost.core.zone.KeyActivation} lets a key
 * sign whose record was found, {@link org.everpost.core.zone.KeyWatch} does so every hour.
 *
 * <p><b>Rules:</b> nothing is promised that this release does not serve: such records are comments.
 * What an operator has done differently and well is not wrong.
 *
 * <p><b>Threads:</b> records are immutable; the watch runs in a virtual thread.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.StoreException} where keys are read.
 */
@NullMarked
package org.everpost.core.zone;

import org.jspecify.annotations.NullMarked;
