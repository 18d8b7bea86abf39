package org.everpost.server.imap;

import java.io.IOException;
import java.util.List;
import org.everpost.core.mailbox.MailboxNames;
import org.everpost.wire.imap.response.ListResponse;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients of IMAP4rev2 how a mailbox is spelled that they spelled otherwise (RFC 9051
 * §6.3.9.7): they could not find it among the names they hear.
 */
final class OldName {

  private OldName() {}

  /** The name as the client gave it, where that is not how it is spelled; else null. */
  static @Nullable String of(String given, Dialogue dialogue) {
    return !dialogue.has(Feature.IMAP4REV2) || MailboxNames.canonical(given).equals(given)
        ? null
        : given;
  }

  /** Tells it of a mailbox that is there. */
  static void tell(String given, Dialogue dialogue) throws IOException {
    tell(given, List.of(), dialogue);
  }

  /** Tells it of a mailbox that was there until now. */
  static void tellOfGone(String given, Dialogue dialogue) throws IOException {
    tell(given, List.of("\\NonExistent"), dialogue);
  }

  private static void tell(String given, List<String> attributes, Dialogue dialogue)
      throws IOException {
    String oldName = of(given, dialogue);
    if (oldName != null) {
      String name = MailboxNames.canonical(given);
      new ListResponse(attributes, MailboxNames.SEPARATOR, name, List.of(), oldName)
          .render(dialogue.out().buffer());
      dialogue.out().end();
    }
  }
}
