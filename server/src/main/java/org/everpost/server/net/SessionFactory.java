package org.everpost.server.net;

/** Makes the session for each accepted connection of one service. */
@FunctionalInterface
public interface SessionFactory {

  Session newSession();
}
