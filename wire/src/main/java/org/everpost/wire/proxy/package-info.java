/**
 * <b>Purpose:</b> what a load balancer says of the client it connects for.
 *
 * <p><b>Standards:</b> the PROXY protocol, version 2, of HAProxy (section 2.2 of its
 * specification).
 *
 * <p><b>Map:</b> {@link org.everpost.wire.proxy.ProxyHeader} is all of it.
 *
 * <p><b>Rules:</b> version 1, which is text, is not understood.
 *
 * <p><b>Threads:</b> everything is immutable.
 *
 * <p><b>Failures:</b> {@link org.everpost.wire.proxy.ProxyHeaderException}.
 */
@NullMarked
package org.everpost.wire.proxy;

import org.jspecify.annotations.NullMarked;
