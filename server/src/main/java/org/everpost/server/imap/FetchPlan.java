package org.everpost.server.imap;

import java.util.ArrayList;
import java.util.List;
import org.everpost.wire.imap.FetchItem;
import org.everpost.wire.imap.FetchItem.Attribute;
import org.everpost.wire.imap.ImapCommand;

/**
 * What a FETCH needs of each message.
 *
 * @param items what is answered
 * @param needsEmail more than the mailbox's list of messages knows
 * @param needsContent octets of it
 * @param setsSeen the message becomes seen by it
 * @param modSeqsKnown the client shows that it knows of MODSEQs (RFC 7162 §3.1)
 */
record FetchPlan(
    List<FetchItem> items,
    boolean needsEmail,
    boolean needsContent,
    boolean setsSeen,
    boolean modSeqsKnown) {

  static FetchPlan of(ImapCommand.Fetch command, Dialogue dialogue) {
    List<FetchItem> items = new ArrayList<>(command.items());
    boolean uids = command.uid() || dialogue.has(Feature.QRESYNC);
    if (uids && !items.contains(Attribute.UID)) {
      items.addFirst(Attribute.UID);
    }
    boolean changedSince = command.modifiers().changedSince() != null;
    // RFC 7162 §3.1.4.1: CHANGEDSINCE asks for MODSEQ as well.
    if (changedSince && !items.contains(Attribute.MODSEQ)) {
      items.add(Attribute.MODSEQ);
    }
    return new FetchPlan(
        List.copyOf(items),
        items.stream().anyMatch(FetchPlan::isOfTheEmail),
        items.stream().anyMatch(item -> !(item instanceof Attribute)),
        items.stream().anyMatch(FetchItem::setsSeen),
        items.contains(Attribute.MODSEQ));
  }

  private static boolean isOfTheEmail(FetchItem item) {
    return switch (item) {
      case Attribute attribute ->
          switch (attribute) {
            case ENVELOPE, BODY, BODYSTRUCTURE -> true;
            case UID, FLAGS, INTERNALDATE, RFC822_SIZE, MODSEQ, EMAILID, THREADID, SAVEDATE ->
                false;
          };
      case FetchItem.BodyOctets _, FetchItem.BinaryOctets _, FetchItem.BinarySize _ -> true;
    };
  }
}
