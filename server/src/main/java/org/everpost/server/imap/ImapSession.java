package org.everpost.server.imap;

import java.io.IOException;
import org.everpost.core.event.ConnectionEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.StoreEvent;
import org.everpost.server.net.Connection;
import org.everpost.server.net.DisplacedException;
import org.everpost.server.net.IdleTimeoutException;
import org.everpost.server.net.LineTooLongException;
import org.everpost.server.net.LoginRevokedException;
import org.everpost.server.net.Session;
import org.everpost.server.net.ShuttingDownException;
import org.everpost.store.StoreUnavailableException;
import org.everpost.wire.imap.CommandContext;
import org.everpost.wire.imap.CommandReader;
import org.everpost.wire.imap.CommandStep;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.TaggedCommand;
import org.everpost.wire.imap.response.ResponseCode;
import org.everpost.wire.imap.response.StatusResponse;
import org.jspecify.annotations.Nullable;

/** One IMAP dialogue: reads a command, has it executed, tells what changed, replies; again. */
final class ImapSession implements Session {

  /** Octets of a refused command that are read and dropped; who sends more of it is cut off. */
  private static final long MAX_DISCARDED = 256L << 20;

  /** How slowly a client may send a large literal: this many octets a second, on the whole. */
  private static final long SLOWEST = 4 << 10;

  private final ImapSettings settings;
  private final Capabilities capabilities;
  private final Commands commands;
  private final EventSink events;
  private final CommandReader reader = new CommandReader();
  private int badInARow;
  private int badInAll;

  /** Octets of the command under way that were dropped. */
  private long discarded;

  /** The messages of an APPEND under way. */
  private @Nullable Appending appending;

  ImapSession(
      ImapSettings settings, Capabilities capabilities, Commands commands, EventSink events) {
    this.settings = settings;
    this.capabilities = capabilities;
    this.commands = commands;
    this.events = events;
  }

  @Override
  public void run(Connection connection) throws IOException {
    Dialogue dialogue = new Dialogue(connection);
    Responses out = dialogue.out();
    try {
      connection.deadline(settings.login());
      out.ok(new ResponseCode.Capability(capabilities.of(dialogue)), "IMAP ready");
      while (!(dialogue.state() instanceof State.Logout)) {
        if (!connection.hasLine()) {
          out.flush();
        }
        take(dialogue);
      }
      out.flush();
    } catch (ShuttingDownException e) {
      out.bye(ResponseCode.Plain.UNAVAILABLE, "Server shutting down");
    } catch (LoginRevokedException e) {
      out.bye(null, "Your login does not hold any longer");
    } catch (DisplacedException e) {
      out.bye(ResponseCode.Plain.UNAVAILABLE, "Others need this place more, try again");
    } catch (IdleTimeoutException e) {
      // RFC 9051 §5.4.
      out.bye(
          null,
          dialogue.state() instanceof State.NotAuthenticated
              ? "Too slow to log in"
              : "Idle for too long");
    }
  }

  /** Takes a line, and with it a command or the beginning of one. */
  private void take(Dialogue dialogue) throws IOException {
    Connection connection = dialogue.connection();
    boolean loggedIn = dialogue.state() instanceof State.LoggedIn;
    CommandContext context = new CommandContext(loggedIn, dialogue.utf8());
    boolean begins = reader.atStart();
    if (begins) {
      discarded = 0;
    }
    connection.readTimeout(begins ? settings.autologout() : settings.literal());
    CommandStep step;
    try {
      byte[] line = connection.readLine(context.maxLine()).bytes();
      step = reader.line(line, context);
      discarded += step instanceof CommandStep.Discard ? line.length : 0;
    } catch (LineTooLongException e) {
      reader.reset();
      appending = null;
      if (e.isEndless()) {
        dialogue.state(new State.Logout());
        dialogue.out().bye(ResponseCode.Plain.CLIENTBUG, "Line too long");
        return;
      }
      step = new CommandStep.Failed(null, "Line too long");
    }
    connection.readTimeout(settings.literal());
    switch (step) {
      case CommandStep.Literal literal -> literal(literal, dialogue);
      case CommandStep.Message message -> message(message, dialogue);
      case CommandStep.Discard discard -> discard(discard.size(), dialogue);
      case CommandStep.Complete complete -> execute(complete.command(), dialogue);
      case CommandStep.Failed failed -> {
        appending = null;
        finish(failed.tag(), Reply.bad(failed.reason()), dialogue);
      }
    }
  }

  private void literal(CommandStep.Literal literal, Dialogue dialogue) throws IOException {
    if (literal.synchronizing()) {
      dialogue.out().goOn("Ready for the literal");
    }
    byte[] octets = new byte[literal.size()];
    within(
        octets.length,
        dialogue,
        () -> {
          int n = 0;
          while (n < octets.length) {
            n += dialogue.connection().read(octets, n, octets.length - n);
          }
        });
    reader.literal(octets);
  }

  /** Something that reads. */
  private interface Reading {
    void run() throws IOException;
  }

  /** Reads so many octets in the time they may take; before login there is a limit for all. */
  private void within(long octets, Dialogue dialogue, Reading reading) throws IOException {
    if (dialogue.connection().buffered() < octets) {
      dialogue.out().flush(); // what was answered does not wait for them
    }
    if (!(dialogue.state() instanceof State.LoggedIn)) {
      reading.run();
      return;
    }
    dialogue.connection().deadline(settings.literal().plusSeconds(octets / SLOWEST));
    reading.run();
    dialogue.connection().noDeadline();
  }

  /** Takes in a message of APPEND, or refuses it. */
  private void message(CommandStep.Message step, Dialogue dialogue) throws IOException {
    if (!(dialogue.state() instanceof State.LoggedIn in)) {
      throw new IllegalStateException("a message before login");
    }
    Appending begun = step.index() == 0 ? null : appending;
    Appending current = begun == null ? commands.append().begin(in, step.mailbox()) : begun;
    appending = current;
    try {
      current.check(step.message(), dialogue);
    } catch (StoreUnavailableException e) {
      current.refuse(unavailable(e, dialogue));
    }
    Reply refusal = current.refusal();
    if (refusal != null && step.synchronizing()) {
      reader.reset();
      appending = null;
      finish(step.tag(), refusal, dialogue);
      return;
    }
    long size = step.message().size();
    if (refusal != null) {
      discard(size, dialogue);
      return;
    }
    if (step.synchronizing()) {
      dialogue.out().goOn("Ready for the message");
    }
    within(
        size,
        dialogue,
        () -> {
          try {
            current.receive(step.message(), dialogue.connection());
          } catch (StoreUnavailableException e) {
            current.refuse(unavailable(e, dialogue));
            discard(current.unread(), dialogue);
          }
        });
  }

  private void discard(long size, Dialogue dialogue) throws IOException {
    discarded = size > MAX_DISCARDED ? size : discarded + size;
    if (discarded > MAX_DISCARDED) {
      dialogue.state(new State.Logout());
      dialogue.out().bye(ResponseCode.Plain.TOOBIG, "Literal too large");
      return;
    }
    byte[] sink = new byte[(int) Math.min(size, 8 << 10)];
    within(
        size,
        dialogue,
        () -> {
          for (long left = size; left > 0; ) {
            left -= dialogue.connection().read(sink, 0, (int) Math.min(left, sink.length));
          }
        });
  }

  private void execute(TaggedCommand tagged, Dialogue dialogue) throws IOException {
    ImapCommand command = tagged.command();
    dialogue.tag(tagged.tag());
    Reply reply;
    try {
      reply =
          command instanceof ImapCommand.Append && appending != null
              ? commands.finishAppend(appending, dialogue)
              : commands.execute(command, dialogue);
    } catch (LineTooLongException e) {
      reply = Reply.bad("Line too long");
      if (e.isEndless()) {
        dialogue.state(new State.Logout());
      }
    } catch (StoreUnavailableException e) {
      reply = unavailable(e, dialogue);
    } catch (RuntimeException e) {
      Connection c = dialogue.connection();
      events.accept(new ConnectionEvent.SessionFailed(c.id(), c.service(), e));
      reply = Reply.no(ResponseCode.Plain.SERVERBUG, "Internal error" + reference(dialogue));
    } finally {
      appending = null;
    }
    if (dialogue.out().isInsideResponse()) {
      // Half a response cannot be taken back: the client would read the next one as its rest.
      dialogue.connection().close();
      throw new ResponseCutShortException();
    }
    finish(tagged.tag(), reply, dialogue);
  }

  private Reply unavailable(StoreUnavailableException cause, Dialogue dialogue) {
    events.accept(new StoreEvent.Unavailable(String.valueOf(cause.getMessage())));
    return Reply.no(ResponseCode.Plain.UNAVAILABLE, "Try again later" + reference(dialogue));
  }

  private static String reference(Dialogue dialogue) {
    return " (" + dialogue.connection().id() + ")";
  }

  private void finish(@Nullable String tag, Reply reply, Dialogue dialogue) throws IOException {
    reply.withTag(tag).render(dialogue.out().buffer());
    dialogue.out().end();
    Reply.AfterReply then = reply.then();
    if (then != null) {
      dialogue.out().flush();
      then.run();
    }
    boolean bad = reply.kind() == StatusResponse.Kind.BAD;
    badInARow = bad ? badInARow + 1 : 0;
    badInAll += bad ? 1 : 0;
    if (badInARow >= settings.badCommands() || badInAll >= settings.allBadCommands()) {
      dialogue.state(new State.Logout());
      dialogue.out().bye(ResponseCode.Plain.CLIENTBUG, "Too many bad commands");
    }
  }
}
