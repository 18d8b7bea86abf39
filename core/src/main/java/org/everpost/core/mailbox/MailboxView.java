package org.everpost.core.mailbox;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One mailbox at one moment, immutable: what an IMAP session keeps of it and compares with a later
 * one ({@link ViewChanges}).
 *
 * @param name Unicode, levels separated by {@code /}; the inbox is {@code INBOX}
 * @param uidValidity 1 to 2^32-1
 * @param uidNext 1 to 2^31-1
 * @param highestModSeq RFC 7162 §3.1.2.1; 1 or more
 * @param keywords in the order of their bits in {@link Flags}
 * @param count how many messages
 * @param unseen how many of them without {@code \Seen}
 * @param deleted how many of them with {@code \Deleted}
 * @param sizeOctets the sum of their sizes
 * @param messages null until {@link MailAccount#load} brought them
 */
public record MailboxView(
    MailboxId id,
    String name,
    long uidValidity,
    int uidNext,
    long highestModSeq,
    Set<SpecialUse> specialUse,
    List<String> keywords,
    int count,
    int unseen,
    int deleted,
    long sizeOctets,
    @Nullable MessageList messages) {

  public MailboxView {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    specialUse = Set.copyOf(specialUse);
    keywords = List.copyOf(keywords);
  }

  /** The messages of a view that {@link MailAccount#load} returned, or of any later one. */
  public MessageList loaded() {
    if (messages == null) {
      throw new IllegalStateException("the messages of " + id + " are not loaded");
    }
    return messages;
  }

  /**
   * This view with all that is new in a later one, but the messages that went still in their
   * places: what a session shows that may not tell yet that they did. The highest MODSEQ stays, for
   * not all of what came after it is here.
   *
   * @param changes from this view to the later one
   */
  public MailboxView keepingExpunged(MailboxView later, ViewChanges changes) {
    return MailboxViews.keepingExpunged(this, later, changes);
  }

  /** The same mailbox without its messages: what a session sees of one that was deleted. */
  public MailboxView emptied() {
    return MailboxViews.emptied(this);
  }
}
