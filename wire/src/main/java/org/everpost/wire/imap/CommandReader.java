package org.everpost.wire.imap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts a command together from the lines and literals of one connection, without reading them
 * itself:
 *
 * <pre>{@code
 * step = reader.line(connection.readLine(context.maxLine()), context);
 * switch (step) {
 *   case Literal l  -> reader.literal(connection.read(l.size())), then the next line
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
  private static final byte[] NOTHING = {};

  /** The command as far as it has come, as on the wire. */
  private byte[] bytes = NOTHING;

  private int length;
  private int literals;

  /** The literal asked for; -1 if none is. */
  private int awaited = -1;

  /** What the command has failed with while the rest of it still comes in; else null. */
  private CommandStep.@Nullable Failed failed;

  /** The APPEND under way; else null. */
  private AppendParser.@Nullable Beginning append;

  private final List<AppendMessage> messages = new ArrayList<>();

  /**
   * Takes a line without its CRLF, of at most {@link CommandContext#maxLine()} octets.
   *
   * @throws IllegalStateException if a literal is due
   */
  public CommandStep line(byte[] line, CommandContext context) {
    if (awaited >= 0) {
      throw new IllegalStateException("a literal is due");
    }
    LiteralAnnouncement announced = LiteralAnnouncement.of(line);
    CommandStep.Failed failure = failed;
    if (failure != null) {
      return fail(failure, announced);
    }
    try {
      AppendParser.Beginning begun = append;
      return begun != null
          ? afterMessage(begun, line, announced, context)
          : collect(line, announced, context);
    } catch (ImapSyntaxException e) {
      String reason = e.getMessage();
      return fail(
          new CommandStep.Failed(e.tag(), reason == null ? "Syntax error" : reason), announced);
    }
  }

  /**
   * Takes the literal asked for; the command goes on with the next line.
   *
   * @throws IllegalStateException if it is not what {@link CommandStep.Literal} asked for
   */
  public void literal(byte[] octets) {
    if (octets.length != awaited) {
      throw new IllegalStateException("not the literal that is due");
    }
    awaited = -1;
    add(octets);
  }

  /** Forgets the command that was coming in. */
  public void reset() {
    bytes = NOTHING;
    length = 0;
    literals = 0;
    awaited = -1;
    failed = null;
    append = null;
    messages.clear();
  }

  /** Whether the next line begins a command. */
  public boolean atStart() {
    return length == 0 && failed == null && append == null;
  }

  private CommandStep collect(
      byte[] line, @Nullable LiteralAnnouncement announced, CommandContext context)
      throws ImapSyntaxException {
    int lineStart = length;
    if (line.length > context.maxLine() || length + line.length > CommandContext.MAX_COMMAND) {
      throw tooLong(line);
    }
    if (announced == null) {
      byte[] whole = length == 0 ? line : join(line);
      TaggedCommand command = CommandParser.parse(whole, length + line.length, context.utf8());
      reset();
      return new CommandStep.Complete(command);
    }
    add(line);
    if (context.authenticated() && AppendParser.isAppend(bytes, length)) {
      AppendParser.Beginning begun =
          AppendParser.beginning(
              bytes, length, context.utf8(), announced, lineStart + announced.start());
      if (begun != null) {
        append = begun;
        bytes = NOTHING;
        length = 0;
        return message(begun, begun.message(), announced);
      }
    }
    if (announced.size() > context.maxLiterals() - literals) {
      throw new ImapSyntaxException(tagOf(bytes, length), "Literal too long");
    }
    literals += (int) announced.size();
    awaited = (int) announced.size();
    add(new byte[] {'\r', '\n'});
    return new CommandStep.Literal(awaited, announced.synchronizing());
  }

  private CommandStep afterMessage(
      AppendParser.Beginning begun,
      byte[] line,
      @Nullable LiteralAnnouncement announced,
      CommandContext context)
      throws ImapSyntaxException {
    Scanner in = new Scanner(line, line.length, context.utf8());
    in.resume(begun.tag());
    if (messages.getLast().utf8()) {
      in.expect(')');
    }
    if (announced == null) {
      in.expectEnd();
      ImapCommand command = new ImapCommand.Append(begun.mailbox(), messages);
      reset();
      return new CommandStep.Complete(new TaggedCommand(begun.tag(), command));
    }
    if (messages.size() == CommandContext.MAX_MESSAGES) {
      throw in.error("Too many messages");
    }
    return message(begun, AppendParser.next(in, announced), announced);
  }

  private CommandStep message(
      AppendParser.Beginning begun, AppendMessage message, LiteralAnnouncement announced) {
    messages.add(message);
    return new CommandStep.Message(
        begun.tag(), begun.mailbox(), message, messages.size() - 1, announced.synchronizing());
  }

  /** Ends a command that failed, once nothing more of it can come (RFC 7888 §4). */
  private CommandStep fail(CommandStep.Failed failure, @Nullable LiteralAnnouncement announced) {
    reset();
    if (announced == null || announced.synchronizing()) {
      return failure;
    }
    failed = failure;
    return new CommandStep.Discard(announced.size());
  }

  private ImapSyntaxException tooLong(byte[] line) {
    String tag = length == 0 ? tagOf(line, line.length) : tagOf(bytes, length);
    return new ImapSyntaxException(tag, "Command too long");
  }

  private static @Nullable String tagOf(byte[] bytes, int length) {
    try {
      return new Scanner(bytes, length, false).tag();
    } catch (ImapSyntaxException _) {
      return null;
    }
  }

  private byte[] join(byte[] line) {
    byte[] whole = Arrays.copyOf(bytes, length + line.length);
    System.arraycopy(line, 0, whole, length, line.length);
    return whole;
  }

  private void add(byte[] octets) {
    if (length + octets.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + octets.length, 2 * bytes.length));
    }
    System.arraycopy(octets, 0, bytes, length, octets.length);
    length += octets.length;
  }
}
