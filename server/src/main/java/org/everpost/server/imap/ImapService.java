package org.everpost.server.imap;

import java.util.Objects;
import org.everpost.core.event.EventSink;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.password.Authenticator;
import org.everpost.core.time.Clock;
import org.everpost.server.net.Session;
import org.everpost.server.net.SessionFactory;

/** IMAP for everybody who connects: makes the sessions, which share its handlers. */
public final class ImapService implements SessionFactory {
  private final ImapSettings settings;
  private final EventSink events;
  private final Commands commands;

  public ImapService(
      ImapSettings settings,
      Mailboxes mailboxes,
      Authenticator authenticator,
      Clock clock,
      EventSink events) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.events = Objects.requireNonNull(events, "events");
    this.commands = Commands.assemble(settings, mailboxes, authenticator, clock, events);
  }

  @Override
  public Session newSession() {
    return new ImapSession(settings, commands, events);
  }
}
