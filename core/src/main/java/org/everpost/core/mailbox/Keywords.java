package org.everpost.core.mailbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keywords of a mailbox and their bits. */
final class Keywords {

  private Keywords() {}

  /** The mailbox with these keywords too; null if that is more than it may have. */
  static @Nullable MailboxView with(MailboxView mailbox, Collection<String> keywords) {
    List<String> known = mailbox.keywords();
    List<String> all = null;
    for (String keyword : keywords) {
      if (Flags.keyword(all == null ? known : all, keyword) == 0) {
        all = all == null ? new ArrayList<>(known) : all;
        all.add(keyword);
      }
    }
    if (all == null) {
      return mailbox;
    }
    return all.size() > Flags.MAX_KEYWORDS ? null : MailboxViews.withKeywords(mailbox, all);
  }

  /** The bits of those keywords the mailbox has. */
  static long bits(MailboxView mailbox, Collection<String> keywords) {
    long bits = 0;
    for (String keyword : keywords) {
      bits |= Flags.keyword(mailbox.keywords(), keyword);
    }
    return bits;
  }

  /**
   * How flags of one mailbox's messages read in another; null if it would have too many keywords.
   */
  static @Nullable Translation translate(
      MailboxView source, MailboxView target, List<Message> messages) {
    long used = 0;
    for (Message message : messages) {
      used |= message.flags();
    }
    List<String> needed = new ArrayList<>();
    for (int i = 0; i < source.keywords().size(); i++) {
      if ((used & 1L << (Flags.FIRST_KEYWORD + i)) != 0) {
        needed.add(source.keywords().get(i));
      }
    }
    MailboxView named = with(target, needed);
    return named == null ? null : new Translation(source.keywords(), named);
  }

  /** Bits of one mailbox to bits of another. */
  record Translation(List<String> source, MailboxView target) {

    long flags(long flags) {
      long result = flags & Flags.SYSTEM;
      for (int i = 0; i < source.size(); i++) {
        if ((flags & 1L << (Flags.FIRST_KEYWORD + i)) != 0) {
          result |= Flags.keyword(target.keywords(), source.get(i));
        }
      }
      return result;
    }
  }
}
