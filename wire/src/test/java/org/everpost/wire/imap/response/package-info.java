/** Tests of the IMAP responses. */
@NullMarked
package org.everpost.wire.imap.response;

import org.jspecify.annotations.NullMarked;
