/** Tests of SRS. */
@NullMarked
package org.everpost.wire.srs;

import org.jspecify.annotations.NullMarked;
