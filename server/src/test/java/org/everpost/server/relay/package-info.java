/** Tests of {@code org.everpost.server.relay}. */
@NullMarked
package org.everpost.server.relay;

import org.jspecify.annotations.NullMarked;
