package org.everpost.core.dns;

import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * An MX record (RFC 1035 §3.3.9).
 *
 * @param exchange null: the root, which says that the domain takes no mail (RFC 7505)
 */
public record MxRecord(int preference, @Nullable DomainName exchange) {}
