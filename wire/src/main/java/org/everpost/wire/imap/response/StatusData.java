package org.everpost.wire.imap.response;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.everpost.wire.imap.StatusItem;
import org.jspecify.annotations.Nullable;

/**
 * The untagged STATUS (RFC 9051 §7.3.5).
 *
 * @param numbers all that was asked for, but MAILBOXID
 * @param mailboxId null if not asked for
 */
public record StatusData(
    String mailbox, Map<StatusItem, Long> numbers, @Nullable String mailboxId) {

  public StatusData {
    Map<StatusItem, Long> copy = new EnumMap<>(StatusItem.class);
    copy.putAll(numbers);
    numbers = Collections.unmodifiableMap(copy);
  }

  public void render(ResponseBuffer out) {
    out.ascii("* STATUS ").mailbox(mailbox).ascii(" (");
    boolean first = true;
    for (Map.Entry<StatusItem, Long> entry : numbers.entrySet()) {
      out.ascii(first ? "" : " ").ascii(entry.getKey().wireName()).space();
      out.number(entry.getValue());
      first = false;
    }
    if (mailboxId != null) {
      out.ascii(first ? "" : " ").ascii("MAILBOXID (").atom(mailboxId).octet(')');
    }
    out.octet(')').crlf();
  }
}
