package org.everpost.server.imap;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.mailbox.UidSet;
import org.everpost.core.time.Clock;
import org.everpost.server.imap.search.MessageSearch;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.NumberSet;
import org.everpost.wire.imap.SearchKey;
import org.everpost.wire.imap.SearchReturn;
import org.everpost.wire.imap.response.EsearchResponse;
import org.everpost.wire.imap.response.ResponseCode;
import org.everpost.wire.imap.response.Untagged;
import org.jspecify.annotations.Nullable;

/** SEARCH and UID SEARCH (RFC 9051 §6.4.4, RFC 4731, RFC 5182, RFC 7162 §3.1.5). */
final class SearchHandler {
  private final Mailboxes mailboxes;
  private final Clock clock;

  SearchHandler(Mailboxes mailboxes, Clock clock) {
    this.mailboxes = mailboxes;
    this.clock = clock;
  }

  Reply search(ImapCommand.Search command, State.Selected selected, Dialogue dialogue)
      throws IOException {
    UidSet saved = selected.saved();
    boolean save = command.returning().contains(SearchReturn.SAVE);
    if (save) {
      // RFC 9051 §6.4.4.1: a search that fails leaves nothing saved.
      selected.saved(UidSet.EMPTY);
    }
    if (!command.charsetSupported()) {
      return Reply.no(new ResponseCode.BadCharset(List.of("UTF-8", "US-ASCII")), "Unknown charset");
    }
    if (command.charset() != null
        && dialogue.has(Feature.UTF8_ACCEPT)
        && !dialogue.has(Feature.IMAP4REV2)) {
      // RFC 6855 §3.
      return Reply.bad("No CHARSET after ENABLE UTF8=ACCEPT");
    }
    boolean modSeqs = command.key().has(SearchKey.ModSeq.class::isInstance);
    if (modSeqs) {
      SessionHandler.enableCondstore(dialogue);
    }
    MessageSearch search =
        new MessageSearch(
            command.key(),
            selected.shown(),
            saved,
            selected.user().mail(),
            mailboxes,
            clock.instant());
    if (search.texts() > MessageSearch.MAX_TEXTS) {
      return Reply.no(ResponseCode.Plain.LIMIT, "Too many texts to look for");
    }
    Found found = new Found(search.run(), selected.shown().loaded(), command);
    if (save) {
      selected.saved(found.toSave());
    }
    found.tell(modSeqs, dialogue);
    return Reply.ok("SEARCH completed");
  }

  /** The indexes found, and what of them was asked for. */
  @SuppressWarnings("ArrayRecordComponent") // made for one reply, compared with nothing
  private record Found(int[] indexes, MessageList list, ImapCommand.Search command) {

    boolean asks(SearchReturn what) {
      return command.returning().contains(what);
    }

    /** Only MIN or MAX or both are asked for. */
    boolean onlyEnds() {
      return (asks(SearchReturn.MIN) || asks(SearchReturn.MAX))
          && !asks(SearchReturn.ALL)
          && !asks(SearchReturn.COUNT);
    }

    /** The indexes the answer is about (RFC 5182 §2.4, RFC 7162 §3.1.6). */
    int[] answered() {
      if (!onlyEnds() || indexes.length < 2) {
        return indexes;
      }
      int first = indexes[0];
      int last = indexes[indexes.length - 1];
      if (!asks(SearchReturn.MIN)) {
        return new int[] {last};
      }
      return asks(SearchReturn.MAX) ? new int[] {first, last} : new int[] {first};
    }

    UidSet toSave() {
      return UidSets.uids(list, answered());
    }

    void tell(boolean modSeqs, Dialogue dialogue) throws IOException {
      NumberSet.Builder builder = new NumberSet.Builder();
      for (int index : indexes) {
        builder.add(number(index));
      }
      NumberSet numbers = builder.build();
      Long modSeq = modSeqs && indexes.length > 0 ? highestModSeq() : null;
      Set<SearchReturn> returning = EnumSet.noneOf(SearchReturn.class);
      returning.addAll(command.returning());
      returning.remove(SearchReturn.SAVE);
      Responses out = dialogue.out();
      if (command.returning().isEmpty() && !dialogue.has(Feature.IMAP4REV2)) {
        Untagged.search(numbers, modSeq, out.buffer());
        out.end();
      } else if (!returning.isEmpty() || command.returning().isEmpty()) {
        extended(numbers, modSeq, dialogue).render(out.buffer());
        out.end();
      }
    }

    private EsearchResponse extended(NumberSet numbers, @Nullable Long modSeq, Dialogue dialogue) {
      boolean any = indexes.length > 0;
      return new EsearchResponse(
          dialogue.tag(),
          command.uid(),
          any && asks(SearchReturn.MIN) ? number(indexes[0]) : null,
          any && asks(SearchReturn.MAX) ? number(indexes[indexes.length - 1]) : null,
          asks(SearchReturn.ALL) || command.returning().isEmpty() ? numbers : null,
          asks(SearchReturn.COUNT) ? (Long) (long) indexes.length : null,
          modSeq);
    }

    private Long number(int index) {
      return command.uid() ? (long) list.uid(index) : index + 1L;
    }

    private long highestModSeq() {
      long highest = 0;
      for (int index : answered()) {
        highest = Math.max(highest, list.modSeq(index));
      }
      return highest;
    }
  }
}
