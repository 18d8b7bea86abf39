package org.everpost.server.imap;

import java.util.Objects;
import java.util.function.Supplier;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Quota;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MailboxId;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.UidSet;

/** The states of a session (RFC 9051 §3). */
sealed interface State {

  /** RFC 9051 §3.1. */
  record NotAuthenticated() implements State {}

  /** Somebody is logged in. */
  sealed interface LoggedIn extends State {
    User user();
  }

  /** RFC 9051 §3.2. */
  record Authenticated(User user) implements LoggedIn {}

  /** RFC 9051 §3.4: nothing follows any more. */
  record Logout() implements State {}

  /**
   * Who is logged in, and the mail.
   *
   * @param quotaNow what the account may hold, as it is when asked
   */
  record User(Account account, MailAccount mail, Supplier<Quota> quotaNow) {

    Quota quota() {
      return quotaNow.get();
    }
  }

  /** RFC 9051 §3.3: what the client knows of the selected mailbox. */
  final class Selected implements LoggedIn {
    private final User user;
    private final boolean readOnly;
    private final Told told = new Told();
    private MailboxView shown;
    private UidSet saved = UidSet.EMPTY;

    Selected(User user, MailboxView shown, boolean readOnly) {
      this.user = Objects.requireNonNull(user, "user");
      this.shown = Objects.requireNonNull(shown, "shown");
      this.readOnly = readOnly;
    }

    @Override
    public User user() {
      return user;
    }

    /** Whether it was opened by EXAMINE. */
    boolean readOnly() {
      return readOnly;
    }

    MailboxId id() {
      return shown.id();
    }

    /** The mailbox as the client knows it: message number n is its message n-1. */
    MailboxView shown() {
      return shown;
    }

    void shown(MailboxView view) {
      shown = view;
    }

    /** The newest view here; one without messages if the mailbox was deleted. */
    MailboxView newest() {
      return user.mail().load(id()).orElseGet(shown::emptied);
    }

    /** What {@code $} stands for (RFC 9051 §6.4.4.1). */
    UidSet saved() {
      return saved;
    }

    void saved(UidSet uids) {
      saved = uids;
    }

    /** The flags the command under way has told already. */
    Told told() {
      return told;
    }
  }
}
