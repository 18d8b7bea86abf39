/** Tests of notifications. */
@NullMarked
package org.everpost.wire.dsn;

import org.jspecify.annotations.NullMarked;
