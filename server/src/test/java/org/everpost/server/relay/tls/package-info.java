/** Tests of {@code org.everpost.server.relay.tls}. */
@NullMarked
package org.everpost.server.relay.tls;

import org.jspecify.annotations.NullMarked;
