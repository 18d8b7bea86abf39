/** Tests of the IMAP protocol code. */
@NullMarked
package org.everpost.wire.imap;

import org.jspecify.annotations.NullMarked;
