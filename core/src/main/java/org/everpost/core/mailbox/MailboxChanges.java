package org.everpost.core.mailbox;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** CREATE, RENAME, DELETE and SUBSCRIBE as changes (RFC 9051 §6.3.4 to §6.3.8). */
final class MailboxChanges {

  /** How many mailboxes one RENAME moves at most: they go in one commit. */
  private static final int MAX_RENAMED = 1_500;

  private MailboxChanges() {}

  static Change<MailboxResult> create(String name, Set<SpecialUse> use) {
    String canonical = MailboxNames.canonical(name);
    return draft -> {
      Optional<String> objection = MailboxNames.objection(canonical);
      if (objection.isPresent()) {
        return new MailboxResult.Invalid(objection.get());
      }
      if (draft.mailbox(canonical).isPresent()) {
        return new MailboxResult.AlreadyExists();
      }
      if (draft.mailboxes().size() + MailboxNames.MAX_LEVELS > Draft.MAX_MAILBOXES) {
        return new MailboxResult.TooMany();
      }
      for (MailboxView other : draft.mailboxes()) {
        if (other.specialUse().stream().anyMatch(use::contains)) {
          return new MailboxResult.UseTaken();
        }
      }
      createParents(draft, canonical);
      return new MailboxResult.Done(draft.create(canonical, use).id());
    };
  }

  static Change<MailboxResult> rename(String from, String to) {
    String source = MailboxNames.canonical(from);
    String target = MailboxNames.canonical(to);
    return draft -> {
      Optional<MailboxView> mailbox = draft.mailbox(source);
      if (mailbox.isEmpty()) {
        return new MailboxResult.NoSuchMailbox();
      }
      Optional<String> objection = MailboxNames.objection(target);
      if (objection.isPresent()) {
        return new MailboxResult.Invalid(objection.get());
      }
      if (target.startsWith(source + MailboxNames.SEPARATOR)) {
        return new MailboxResult.Invalid("a mailbox cannot be renamed to a child of its own");
      }
      if (draft.mailbox(target).isPresent()) {
        return new MailboxResult.AlreadyExists();
      }
      if (source.equals(MailboxNames.INBOX)) {
        return renameInbox(draft, mailbox.get(), target);
      }
      List<MailboxView> moved = new ArrayList<>();
      for (MailboxView other : draft.mailboxes()) {
        if (other.name().equals(source)
            || other.name().startsWith(source + MailboxNames.SEPARATOR)) {
          String name = target + other.name().substring(source.length());
          if (draft.mailbox(name).isPresent()) {
            return new MailboxResult.AlreadyExists();
          }
          Optional<String> childObjection = MailboxNames.objection(name);
          if (childObjection.isPresent()) {
            return new MailboxResult.Invalid(childObjection.get());
          }
          moved.add(MailboxViews.renamed(other, name, other.specialUse()));
        }
      }
      if (moved.size() > MAX_RENAMED) {
        return new MailboxResult.Invalid("it has too many mailboxes below it");
      }
      if (draft.mailboxes().size() + MailboxNames.MAX_LEVELS > Draft.MAX_MAILBOXES) {
        return new MailboxResult.TooMany();
      }
      createParents(draft, target);
      moved.forEach(draft::put);
      return new MailboxResult.Done(mailbox.get().id());
    };
  }

  /** The inbox's messages go to a new mailbox, it stays, and its children stay (§6.3.6). */
  private static MailboxResult renameInbox(Draft draft, MailboxView inbox, String target) {
    createParents(draft, target);
    MailboxView renamed = MailboxViews.renamed(inbox, target, EnumSet.noneOf(SpecialUse.class));
    draft.put(renamed);
    draft.create(MailboxNames.INBOX, Set.of());
    return new MailboxResult.Done(renamed.id());
  }

  /** Deletes a mailbox that holds no message; its children stay. */
  static Change<MailboxResult> delete(MailboxId id) {
    return draft -> {
      Optional<MailboxView> mailbox = draft.mailbox(id);
      if (mailbox.isEmpty()) {
        return new MailboxResult.NoSuchMailbox();
      }
      if (mailbox.get().count() > 0) {
        return new MailboxResult.Invalid("messages came in meanwhile");
      }
      draft.delete(mailbox.get());
      return new MailboxResult.Done(id);
    };
  }

  static Change<MailboxResult> subscribe(String name, boolean on) {
    String canonical = MailboxNames.canonical(name);
    return draft -> {
      Optional<String> objection = MailboxNames.objection(canonical);
      if (on && objection.isPresent()) {
        return new MailboxResult.Invalid(objection.get());
      }
      return draft.subscribe(canonical, on)
          ? new MailboxResult.Done(
              draft
                  .mailbox(canonical)
                  .or(() -> draft.mailbox(MailboxNames.INBOX))
                  .orElseThrow()
                  .id())
          : new MailboxResult.TooMany();
    };
  }

  /** RFC 9051 §6.3.4: the levels above a new mailbox SHOULD exist too. */
  private static void createParents(Draft draft, String name) {
    for (int at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
      String parent = name.substring(0, at);
      if (draft.mailbox(parent).isEmpty()) {
        draft.create(parent, Set.of());
      }
    }
  }
}
