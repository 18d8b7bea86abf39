package org.everpost.server.imap;

import java.io.IOException;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.SearchKey;
import org.everpost.wire.imap.SequenceSet;

/**
 * The table of commands: which handler, in which states (RFC 9051 §6), and whether the client is
 * told afterwards what changed.
 */
final class Commands {
  private final SessionHandler session;
  private final LoginHandler login;
  private final SelectHandler select;
  private final MailboxHandler mailbox;
  private final ListHandler list;
  private final StatusHandler status;
  private final AppendHandler append;
  private final IdleHandler idle;
  private final QuotaHandler quota;
  private final ExpungeHandler expunge;
  private final SearchHandler search;
  private final FetchHandler fetch;
  private final StoreHandler store;
  private final CopyHandler copy;

  Commands(ImapParts parts, Capabilities capabilities) {
    ImapSettings settings = parts.settings();
    status = new StatusHandler(settings);
    session = new SessionHandler(capabilities);
    login = new LoginHandler(parts, capabilities);
    select = new SelectHandler();
    mailbox = new MailboxHandler();
    list = new ListHandler(status);
    append = new AppendHandler(settings, parts.mailboxes(), parts.clock());
    idle = new IdleHandler(settings);
    quota = new QuotaHandler();
    expunge = new ExpungeHandler();
    search = new SearchHandler(parts.mailboxes(), parts.clock());
    fetch = new FetchHandler(parts.mailboxes(), parts.events());
    store = new StoreHandler();
    copy = new CopyHandler();
  }

  AppendHandler append() {
    return append;
  }

  /** Executes a command and tells what changed meanwhile; the reply is the caller's to send. */
  Reply execute(ImapCommand command, Dialogue dialogue) throws IOException {
    Reply reply =
        switch (command) {
          case ImapCommand.AnyState c -> anyState(c, dialogue);
          case ImapCommand.NotAuthenticated c ->
              dialogue.state() instanceof State.NotAuthenticated
                  ? notAuthenticated(c, dialogue)
                  : Reply.bad("Already logged in");
          case ImapCommand.Authenticated c ->
              dialogue.state() instanceof State.LoggedIn in
                  ? authenticated(c, in, dialogue)
                  : Reply.bad("Log in first");
          case ImapCommand.Selected c ->
              dialogue.state() instanceof State.Selected selected
                  ? selected(c, selected, dialogue)
                  : Reply.bad("Select a mailbox first");
          case ImapCommand.Unknown(String name) -> Reply.bad("Unknown command " + name);
        };
    tellChanges(command, dialogue);
    return reply;
  }

  /** Executes an APPEND whose messages have been taken in. */
  Reply finishAppend(Appending appending, Dialogue dialogue) throws IOException {
    Reply reply =
        dialogue.state() instanceof State.LoggedIn in
            ? append.finish(appending, in, dialogue)
            : Reply.bad("Log in first");
    tellChanges(new ImapCommand.Noop(), dialogue);
    return reply;
  }

  private Reply anyState(ImapCommand.AnyState command, Dialogue dialogue) throws IOException {
    return switch (command) {
      case ImapCommand.Capability() -> session.capability(dialogue);
      case ImapCommand.Noop() -> session.noop(dialogue);
      case ImapCommand.Logout() -> session.logout(dialogue);
      case ImapCommand.Id _ -> session.id(dialogue);
      case ImapCommand.Compress c -> session.compress(c, dialogue);
    };
  }

  private Reply notAuthenticated(ImapCommand.NotAuthenticated command, Dialogue dialogue)
      throws IOException {
    return switch (command) {
      case ImapCommand.StartTls() -> session.startTls(dialogue);
      case ImapCommand.Login c -> login.login(c, dialogue);
      case ImapCommand.Authenticate c -> login.authenticate(c, dialogue);
    };
  }

  private Reply authenticated(
      ImapCommand.Authenticated command, State.LoggedIn in, Dialogue dialogue) throws IOException {
    return switch (command) {
      case ImapCommand.Enable c -> session.enable(c, dialogue);
      case ImapCommand.Namespace() -> session.namespace(dialogue);
      case ImapCommand.Unauthenticate() -> login.unauthenticate(dialogue);
      case ImapCommand.Select c -> select.select(c, in, dialogue);
      case ImapCommand.Create c -> mailbox.create(c, in, dialogue);
      case ImapCommand.Delete c -> mailbox.delete(c, in, dialogue);
      case ImapCommand.Rename c -> mailbox.rename(c, in, dialogue);
      case ImapCommand.Subscribe c -> mailbox.subscribe(c.mailbox(), true, in);
      case ImapCommand.Unsubscribe c -> mailbox.subscribe(c.mailbox(), false, in);
      case ImapCommand.ListMailboxes c -> list.list(c, in, dialogue);
      case ImapCommand.Lsub c -> list.lsub(c, in, dialogue);
      case ImapCommand.Status c -> status.status(c, in, dialogue);
      case ImapCommand.Append _ -> Reply.bad("APPEND needs the message as a literal");
      case ImapCommand.Idle() -> idle.idle(in, dialogue);
      case ImapCommand.GetQuota c -> quota.get(c, in, dialogue);
      case ImapCommand.GetQuotaRoot c -> quota.getRoot(c, in, dialogue);
      case ImapCommand.SetQuota _ -> quota.set();
    };
  }

  private Reply selected(ImapCommand.Selected command, State.Selected selected, Dialogue dialogue)
      throws IOException {
    selected.told().clear(); // of a command that failed: its news may be told again
    return switch (command) {
      case ImapCommand.Check() -> session.noop(dialogue);
      case ImapCommand.Close() -> expunge.close(selected, dialogue);
      case ImapCommand.Unselect() -> expunge.unselect(selected, dialogue);
      case ImapCommand.Expunge() -> expunge.expunge(selected, dialogue);
      case ImapCommand.UidExpunge c -> expunge.uidExpunge(c, selected, dialogue);
      case ImapCommand.Search c -> search.search(c, selected, dialogue);
      case ImapCommand.Fetch c -> fetch.fetch(c, selected, dialogue);
      case ImapCommand.Store c -> store.store(c, selected, dialogue);
      case ImapCommand.Copy c -> copy.copy(c, selected, dialogue);
      case ImapCommand.Move c -> copy.move(c, selected, dialogue);
    };
  }

  private static void tellChanges(ImapCommand command, Dialogue dialogue) throws IOException {
    if (!(dialogue.state() instanceof State.Selected selected)) {
      return;
    }
    // RFC 9051 §7.5.1: no EXPUNGE during FETCH, STORE and SEARCH; their UID forms are others.
    boolean numbersInUse =
        switch (command) {
          case ImapCommand.Fetch c -> !c.uid();
          case ImapCommand.Store c -> !c.uid();
          // RFC 7162 §3.2.10.2: nor during a UID SEARCH that names message numbers.
          case ImapCommand.Search c -> !c.uid() || c.key().has(Commands::isNumbers);
          default -> false;
        };
    ViewSync.tell(
        selected, numbersInUse ? ViewSync.Expunges.LATER : ViewSync.Expunges.NOW, dialogue);
  }

  private static boolean isNumbers(SearchKey key) {
    return key instanceof SearchKey.Numbers(SequenceSet set) && !set.isSaved();
  }
}
