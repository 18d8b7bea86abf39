package org.everpost.server.imap.search;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.everpost.core.mailbox.Email;
import org.everpost.core.mailbox.EmailId;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.mailbox.UidSet;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobMissingException;
import org.everpost.wire.imap.SearchKey;
import org.jspecify.annotations.Nullable;

/** One SEARCH over one view of a mailbox. */
public final class MessageSearch {

  /** How many texts one search may look for in the octets of messages. */
  public static final int MAX_TEXTS = 50;

  /** How many messages are read from the store at once. */
  private static final int BATCH = 256;

  private final MailboxView view;
  private final MailAccount mail;
  private final TextScan texts;
  private final Criterion criterion;

  /**
   * @param saved what {@code $} means
   */
  public MessageSearch(
      SearchKey key,
      MailboxView view,
      UidSet saved,
      MailAccount mail,
      Mailboxes mailboxes,
      Instant now) {
    this.view = view;
    this.mail = mail;
    this.texts = new TextScan(mailboxes);
    this.criterion = new CriterionCompiler(view, saved, now, texts).compile(key);
  }

  /** How many texts it looks for in the octets; more than {@link #MAX_TEXTS} is too many. */
  public int texts() {
    return texts.count();
  }

  /** The indexes of the messages that match, ascending. */
  public int[] run() throws IOException {
    MessageList list = view.loaded();
    boolean[] matches = new boolean[list.count()];
    int[] open = new int[list.count()];
    int left = 0;
    for (int index = 0; index < matches.length; index++) {
      switch (criterion.test(new Subject(index, null, null))) {
        case YES -> matches[index] = true;
        case UNKNOWN -> open[left++] = index;
        case NO -> {}
      }
    }
    for (int from = 0; from < left; from += BATCH) {
      read(Arrays.copyOfRange(open, from, Math.min(left, from + BATCH)), matches);
    }
    int[] found = new int[matches.length];
    int n = 0;
    for (int index = 0; index < matches.length; index++) {
      if (matches[index]) {
        found[n++] = index;
      }
    }
    return Arrays.copyOf(found, n);
  }

  private void read(int[] indexes, boolean[] matches) throws IOException {
    MessageList list = view.loaded();
    List<EmailId> ids = Arrays.stream(indexes).mapToObj(list::email).toList();
    List<@Nullable Email> emails = mail.emails(ids);
    for (int i = 0; i < indexes.length; i++) {
      Email email = emails.get(i);
      if (email != null) {
        matches[indexes[i]] = matches(indexes[i], email);
      }
    }
  }

  private boolean matches(int index, Email email) throws IOException {
    Verdict verdict = criterion.test(new Subject(index, email, null));
    if (verdict == Verdict.UNKNOWN) {
      try {
        verdict = criterion.test(new Subject(index, email, texts.scan(email)));
      } catch (BlobDamagedException | BlobMissingException e) {
        return false;
      }
    }
    return verdict == Verdict.YES;
  }
}
