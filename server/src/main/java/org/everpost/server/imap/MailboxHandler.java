package org.everpost.server.imap;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.everpost.core.mailbox.MailboxNames;
import org.everpost.core.mailbox.MailboxResult;
import org.everpost.core.mailbox.SpecialUse;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.response.ResponseCode;

/** CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.4 to §6.3.8). */
final class MailboxHandler {

  Reply create(ImapCommand.Create command, State.LoggedIn in, Dialogue dialogue)
      throws IOException {
    Set<SpecialUse> uses = EnumSet.noneOf(SpecialUse.class);
    for (String attribute : command.specialUse()) {
      Optional<SpecialUse> use = SpecialUse.of(attribute);
      if (use.isEmpty()) {
        // RFC 6154 §3.
        return Reply.no(ResponseCode.Plain.USEATTR, "Unknown special use " + attribute);
      }
      uses.add(use.get());
    }
    // RFC 9051 §6.3.4: a delimiter at the end says that there will be mailboxes below.
    String name = withoutDelimiter(command.mailbox());
    MailboxResult result = in.user().mail().create(name, uses);
    if (result instanceof MailboxResult.Done(var id)) {
      OldName.tell(name, dialogue);
      // RFC 8474 §4.1.
      return Reply.ok(new ResponseCode.MailboxId(id.toString()), "CREATE completed");
    }
    return reply(result, "CREATE completed");
  }

  Reply delete(ImapCommand.Delete command, State.LoggedIn in, Dialogue dialogue)
      throws IOException {
    MailboxResult result = in.user().mail().delete(command.mailbox());
    if (result instanceof MailboxResult.Done) {
      OldName.tellOfGone(command.mailbox(), dialogue);
    }
    return reply(result, "DELETE completed");
  }

  Reply rename(ImapCommand.Rename command, State.LoggedIn in, Dialogue dialogue)
      throws IOException {
    String to = withoutDelimiter(command.to());
    MailboxResult result = in.user().mail().rename(command.from(), to);
    if (result instanceof MailboxResult.Done) {
      OldName.tellOfGone(command.from(), dialogue);
      OldName.tell(to, dialogue);
    }
    return reply(result, "RENAME completed");
  }

  Reply subscribe(String mailbox, boolean on, State.LoggedIn in) {
    return reply(
        in.user().mail().subscribe(withoutDelimiter(mailbox), on),
        on ? "SUBSCRIBE completed" : "UNSUBSCRIBE completed");
  }

  private static String withoutDelimiter(String name) {
    int last = name.length() - 1;
    return last > 0 && name.charAt(last) == MailboxNames.SEPARATOR ? name.substring(0, last) : name;
  }

  private static Reply reply(MailboxResult result, String done) {
    return switch (result) {
      case MailboxResult.Done _ -> Reply.ok(done);
      case MailboxResult.NoSuchMailbox() -> Reply.noSuchMailbox();
      case MailboxResult.AlreadyExists() ->
          Reply.no(ResponseCode.Plain.ALREADYEXISTS, "A mailbox of that name exists");
      case MailboxResult.UseTaken() ->
          Reply.no(ResponseCode.Plain.USEATTR, "Another mailbox has that special use");
      case MailboxResult.TooMany() ->
          Reply.no(ResponseCode.Plain.LIMIT, "Too many mailboxes or subscriptions");
      case MailboxResult.Invalid(String reason) -> Reply.no(ResponseCode.Plain.CANNOT, reason);
    };
  }
}
