package org.everpost.wire.imap;

/**
 * Puts a command together from the lines and literals of one connection, without reading them
 * itself:
 *
 * <pre>{@code
 * step = reader.line(connection.readLine(context.maxLine()), context);
 * switch (step) {
 *   case Literal l  -> step = reader.literal(connection.read(l.size())), then the next line
 *   case Message m  -> stream the message away, then the next line
 *   case Discard d  -> drop octets, then the next line
 *   case Complete c -> execute
 *   case Failed f   -> BAD
 * }
 * }</pre>
 *
 * Belongs to one connection. The lines of {@code AUTHENTICATE} exchanges and {@code DONE} of IDLE
 * do not come through here.
 */
public final class CommandReader {

  /** Takes a line without its CRLF, of at most {@link CommandContext#maxLine()} octets. */
  public CommandStep line(byte[] line, CommandContext context) {
    return new CommandStep.Failed(null, "Not understood");
  }

  /** Takes the literal asked for; the command goes on with the next line. */
  public void literal(byte[] octets) {}

  /** Forgets the command that was coming in. */
  public void reset() {}

  /** Whether the next line begins a command. */
  public boolean atStart() {
    return true;
  }
}
