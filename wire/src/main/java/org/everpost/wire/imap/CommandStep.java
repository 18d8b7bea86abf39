package org.everpost.wire.imap;

import org.jspecify.annotations.Nullable;

/** What the server has to do next while a command is coming in. */
public sealed interface CommandStep {

  /**
   * Read {@code size} octets, hand them to {@link CommandReader#literal}, then read on with a line.
   *
   * @param synchronizing the client waits for {@code +} first
   */
  record Literal(int size, boolean synchronizing) implements CommandStep {}

  /**
   * APPEND has come to a message: stream {@code message.size()} octets away, then read on with a
   * line. Who does not want the message answers {@code NO} and calls {@link CommandReader#reset} if
   * {@code synchronizing}; else it reads and drops the octets and answers when the command is
   * complete.
   *
   * @param index counts from 0 (RFC 3502 allows several messages)
   */
  record Message(
      String tag, String mailbox, AppendMessage message, int index, boolean synchronizing)
      implements CommandStep {}

  /**
   * The command has failed already, but the client sends {@code size} octets all the same: read and
   * drop them, then read on with a line. Too many of them are a reason to hang up.
   */
  record Discard(long size) implements CommandStep {}

  /** The command is there. */
  record Complete(TaggedCommand command) implements CommandStep {}

  /**
   * The command is over and no good: answer {@code BAD} with the tag, or untagged without one.
   *
   * @param reason fit to be shown to the client
   */
  record Failed(@Nullable String tag, String reason) implements CommandStep {}
}
