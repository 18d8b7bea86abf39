/** Tests of networks and the lists of them. */
@NullMarked
package org.everpost.core.peer;

import org.jspecify.annotations.NullMarked;
