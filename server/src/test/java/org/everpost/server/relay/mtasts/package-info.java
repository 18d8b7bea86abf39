/** Tests of {@code org.everpost.server.relay.mtasts}. */
@NullMarked
package org.everpost.server.relay.mtasts;

import org.jspecify.annotations.NullMarked;
