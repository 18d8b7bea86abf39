package org.everpost.server.imap.search;

import org.everpost.core.mailbox.Email;
import org.jspecify.annotations.Nullable;

/**
 * A message with what is known of it so far.
 *
 * @param email null if it was not read
 * @param found by number of the text whether it is in the content; null if that was not read
 */
@SuppressWarnings("ArrayRecordComponent") // made for one test, compared with nothing
record Subject(int index, @Nullable Email email, boolean @Nullable [] found) {}
