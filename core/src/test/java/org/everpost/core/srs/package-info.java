/** Tests of rewritten senders. */
@NullMarked
package org.everpost.core.srs;

import org.jspecify.annotations.NullMarked;
