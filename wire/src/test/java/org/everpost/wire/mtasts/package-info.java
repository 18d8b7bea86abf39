/** Tests of MTA-STS. */
@NullMarked
package org.everpost.wire.mtasts;

import org.jspecify.annotations.NullMarked;
