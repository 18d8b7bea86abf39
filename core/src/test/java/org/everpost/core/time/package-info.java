/** A clock for tests. */
@NullMarked
package org.everpost.core.time;

import org.jspecify.annotations.NullMarked;
