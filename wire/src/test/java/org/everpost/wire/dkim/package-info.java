/** Tests of DKIM. */
@NullMarked
package org.everpost.wire.dkim;

import org.jspecify.annotations.NullMarked;
