package org.everpost.testkit.botnet;

/** One connection of a bot, from the bot's side. Called by the thread of the bot's loop only. */
interface Conversation {

  /** The connection is there; the server may not have said anything yet. */
  default void opened() {}

  /** The server said a line. */
  default void heard(String line) {}

  /** The time that was asked for has come. */
  default void due() {}
}
