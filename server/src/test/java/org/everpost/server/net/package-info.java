/** Tests of the frame, and what tests of sessions need of it. */
@NullMarked
package org.everpost.server.net;

import org.jspecify.annotations.NullMarked;
