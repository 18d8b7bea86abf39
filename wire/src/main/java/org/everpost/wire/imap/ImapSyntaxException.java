package org.everpost.wire.imap;

import org.jspecify.annotations.Nullable;

/** A command that the grammar does not allow; the answer is {@code tag BAD}. */
public final class ImapSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String tag;

  ImapSyntaxException(@Nullable String tag, String message) {
    // No stack trace: a peer must not be able to make us fill thousands of them.
    super(message, null, false, false);
    this.tag = tag;
  }

  /** The command's tag; null if not even that could be read. */
  public @Nullable String tag() {
    return tag;
  }
}
