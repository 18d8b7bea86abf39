package org.everpost.core.mailbox;

import java.util.Set;

/** The mailboxes an account begins with. */
final class DefaultMailboxes {

  private DefaultMailboxes() {}

  static void create(Draft draft) {
    create(draft, MailboxNames.INBOX, Set.of());
    create(draft, "Drafts", Set.of(SpecialUse.DRAFTS));
    create(draft, "Sent", Set.of(SpecialUse.SENT));
    create(draft, "Junk", Set.of(SpecialUse.JUNK));
    create(draft, "Trash", Set.of(SpecialUse.TRASH));
    create(draft, "Archive", Set.of(SpecialUse.ARCHIVE));
  }

  private static void create(Draft draft, String name, Set<SpecialUse> use) {
    draft.create(name, use);
    draft.subscribe(name, true);
  }
}
