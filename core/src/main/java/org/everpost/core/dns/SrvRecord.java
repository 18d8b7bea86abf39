package org.everpost.core.dns;

import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * An SRV record (RFC 2782).
 *
 * @param target null: the root, which says that there is no such service
 */
public record SrvRecord(int priority, int weight, int port, @Nullable DomainName target) {}
