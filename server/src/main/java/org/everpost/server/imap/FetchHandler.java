package org.everpost.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.StoreEvent;
import org.everpost.core.mailbox.Email;
import org.everpost.core.mailbox.EmailId;
import org.everpost.core.mailbox.FlagChange;
import org.everpost.core.mailbox.FlagNames;
import org.everpost.core.mailbox.Flags;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.mailbox.UidSet;
import org.everpost.server.imap.fetch.Content;
import org.everpost.store.BlobId;
import org.everpost.store.StoreException;
import org.everpost.wire.imap.FetchModifiers;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.response.ResponseCode;
import org.everpost.wire.imap.response.Untagged;
import org.jspecify.annotations.Nullable;

/** FETCH and UID FETCH (RFC 9051 §6.4.5, RFC 7162 §3.1.4 and §3.2.6). */
final class FetchHandler {

  /** How many messages are read from the store at once. */
  private static final int BATCH = 256;

  private static final FlagNames SEEN = new FlagNames(Flags.SEEN, java.util.Set.of());

  private final Mailboxes mailboxes;
  private final EventSink events;
  private final DamagedBlobs damaged = new DamagedBlobs();

  FetchHandler(Mailboxes mailboxes, EventSink events) {
    this.mailboxes = mailboxes;
    this.events = events;
  }

  Reply fetch(ImapCommand.Fetch command, State.Selected selected, Dialogue dialogue)
      throws IOException {
    FetchModifiers modifiers = command.modifiers();
    if (modifiers.vanished() && !(command.uid() && dialogue.has(Feature.QRESYNC))) {
      // RFC 7162 §3.2.6.
      return Reply.bad("VANISHED is for UID FETCH after ENABLE QRESYNC");
    }
    FetchPlan plan = FetchPlan.of(command, dialogue);
    if (plan.modSeqsKnown()) {
      SessionHandler.enableCondstore(dialogue);
    }
    int[] indexes = UidSets.indexes(command.set(), command.uid(), selected);
    if (indexes == null) {
      return Reply.noSuchMessage();
    }
    Long changedSince = modifiers.changedSince();
    if (changedSince != null) {
      if (modifiers.vanished()) {
        tellVanished(command, changedSince, selected, dialogue);
      }
      MessageList list = selected.shown().loaded();
      indexes = Arrays.stream(indexes).filter(i -> list.modSeq(i) > changedSince).toArray();
    }
    return deliver(indexes, plan, selected, dialogue);
  }

  private static void tellVanished(
      ImapCommand.Fetch command, long since, State.Selected selected, Dialogue dialogue)
      throws IOException {
    MailboxView view = selected.shown();
    UidSet asked =
        command.set().isSaved()
            ? selected.saved()
            : UidSets.of(command.set().resolve(Math.max(1, view.uidNext() - 1L)));
    UidSet vanished = selected.user().mail().vanishedSince(view, since, asked);
    Untagged.vanished(true, UidSets.numbers(vanished), dialogue.out().buffer());
    dialogue.out().end();
  }

  private Reply deliver(int[] indexes, FetchPlan plan, State.Selected selected, Dialogue dialogue)
      throws IOException {
    MessageWriter writer = new MessageWriter(plan, selected, dialogue);
    boolean gone = false;
    boolean unreadable = false;
    for (int from = 0; from < indexes.length; from += BATCH) {
      int[] batch = Arrays.copyOfRange(indexes, from, Math.min(indexes.length, from + BATCH));
      List<@Nullable Email> emails = plan.needsEmail() ? emails(batch, selected) : List.of();
      if (plan.setsSeen() && !selected.readOnly()) {
        writer.seen(setSeen(batch, selected));
      }
      for (int i = 0; i < batch.length; i++) {
        if (!plan.needsEmail()) {
          writer.write(batch[i], null);
          continue;
        }
        Email email = emails.get(i);
        if (email == null) {
          gone = true;
        } else {
          boolean spared = plan.needsContent() && damaged.contains(email.blob());
          unreadable |= spared || !write(batch[i], email, writer, selected, dialogue);
        }
      }
    }
    if (unreadable) {
      return Reply.no(ResponseCode.Plain.CORRUPTION, "Some messages cannot be read");
    }
    if (writer.unknownEncoding()) {
      return Reply.no(ResponseCode.Plain.UNKNOWN_CTE, "Unknown transfer encoding");
    }
    return gone ? Reply.expungeIssued() : Reply.ok("FETCH completed");
  }

  private static List<@Nullable Email> emails(int[] batch, State.Selected selected) {
    MessageList list = selected.shown().loaded();
    List<EmailId> ids = new ArrayList<>(batch.length);
    for (int index : batch) {
      ids.add(list.email(index));
    }
    return selected.user().mail().emails(ids);
  }

  /** Marks messages as seen; returns the view with that change (RFC 9051 §6.4.5). */
  private static @Nullable MailboxView setSeen(int[] batch, State.Selected selected) {
    MessageList list = selected.shown().loaded();
    UidSet.Builder unseen = new UidSet.Builder();
    for (int index : batch) {
      if ((list.flags(index) & Flags.SEEN) == 0) {
        unseen.add(list.uid(index));
      }
    }
    UidSet uids = unseen.build();
    if (uids.isEmpty()) {
      return null;
    }
    MailAccount mail = selected.user().mail();
    mail.store(selected.id(), uids, FlagChange.ADD, SEEN, Long.MAX_VALUE);
    return selected.newest();
  }

  /**
   * Writes one message.
   *
   * @return false if it cannot be read; then nothing was written
   */
  private boolean write(
      int index, Email email, MessageWriter writer, State.Selected selected, Dialogue dialogue)
      throws IOException {
    try {
      writer.write(index, new Content(mailboxes, email));
      return true;
    } catch (StoreException e) {
      BlobId blob = DamagedBlobs.blobOf(e);
      if (blob == null) {
        throw e;
      }
      damaged.add(blob);
      events.accept(
          new StoreEvent.BlobDamaged(
              blob.toString(), selected.user().account().address().toString()));
      dialogue.out().takeBack();
      if (dialogue.out().isInsideResponse()) {
        dialogue.connection().close();
        throw new ResponseCutShortException();
      }
      return false;
    }
  }
}
