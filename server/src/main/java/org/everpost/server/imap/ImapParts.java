package org.everpost.server.imap;

import java.util.Objects;
import org.everpost.core.directory.Directory;
import org.everpost.core.event.EventSink;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.password.Authenticator;
import org.everpost.core.password.SaslLogin;
import org.everpost.core.time.Clock;

/** What IMAP is built upon. */
public record ImapParts(
    ImapSettings settings,
    Directory directory,
    Mailboxes mailboxes,
    Authenticator authenticator,
    SaslLogin logins,
    Clock clock,
    EventSink events) {

  public ImapParts {
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(mailboxes, "mailboxes");
    Objects.requireNonNull(authenticator, "authenticator");
    Objects.requireNonNull(logins, "logins");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(events, "events");
  }
}
