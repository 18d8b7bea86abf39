package org.everpost.server.imap;

import org.everpost.server.net.Session;
import org.everpost.server.net.SessionFactory;

/** IMAP for everybody who connects: makes the sessions, which share its handlers. */
public final class ImapService implements SessionFactory {
  private final ImapParts parts;
  private final Capabilities capabilities;
  private final Commands commands;

  public ImapService(ImapParts parts) {
    this.parts = parts;
    this.capabilities = new Capabilities(parts.settings().messageSize(), parts.logins());
    this.commands = new Commands(parts, capabilities);
  }

  @Override
  public Session newSession() {
    return new ImapSession(parts.settings(), capabilities, commands, parts.events());
  }
}
