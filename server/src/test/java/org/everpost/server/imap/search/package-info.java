/** Tests of what SEARCH is made of; whole searches are in the dialogues. */
@NullMarked
package org.everpost.server.imap.search;

import org.jspecify.annotations.NullMarked;
