/** Tests of the IMAP server: dialogues with a real one on loopback, over the store in memory. */
@NullMarked
package org.everpost.server.imap;

import org.jspecify.annotations.NullMarked;
