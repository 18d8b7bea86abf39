package org.everpost.server.net;

/** A line was longer than the session takes. */
public final class LineTooLongException extends ConnectionException {

  private static final long serialVersionUID = 1;

  private final boolean endless;

  LineTooLongException(boolean endless) {
    super("line too long", null);
    this.endless = endless;
  }

  /**
   * Whether its end was not even found within reason. If not, the line was skipped and the dialogue
   * may go on behind it; if so, the session says goodbye and ends.
   */
  public boolean isEndless() {
    return endless;
  }
}
