/** Tests of the log. */
@NullMarked
package org.everpost.core.event;

import org.jspecify.annotations.NullMarked;
