/** Tests of the queue at work. */
@NullMarked
package org.everpost.server.outbound;

import org.jspecify.annotations.NullMarked;
