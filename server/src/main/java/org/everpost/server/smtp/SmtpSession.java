package org.everpost.server.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.everpost.core.directory.Account;
import org.everpost.core.event.SmtpEvent;
import org.everpost.server.guard.Misdeed;
import org.everpost.server.guard.Visit;
import org.everpost.server.net.Connection;
import org.everpost.server.net.DisplacedException;
import org.everpost.server.net.IdleTimeoutException;
import org.everpost.server.net.Line;
import org.everpost.server.net.LineTooLongException;
import org.everpost.server.net.LoginRevokedException;
import org.everpost.server.net.ShuttingDownException;
import org.everpost.store.StoreUnavailableException;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.smtp.SmtpCommand;
import org.everpost.wire.smtp.SmtpParser;
import org.everpost.wire.smtp.SmtpSyntaxException;
import org.everpost.wire.smtp.SmtpVerb;
import org.jspecify.annotations.Nullable;

/**
 * One session: reads a command, has it handled, writes the reply. Belongs to its connection's
 * thread.
 */
final class SmtpSession {

  private static final Reply LINE_TOO_LONG = Reply.of(500, "5.5.2", "Line too long");
  private static final Reply BARE_LF = Reply.of(500, "5.5.2", "Lines end with CR LF");
  private static final Reply TOO_LONG_HERE = Reply.of(421, "4.7.0", "You were here long enough");
  private static final Reply LOGIN_REVOKED =
      Reply.of(421, "4.7.0", "Your login does not hold any longer");
  private static final Reply DISPLACED =
      Reply.of(421, "4.7.0", "Others need this place more, come again");
  private static final Reply INTERNAL = Reply.of(421, "4.3.0", "Internal error, try again later");

  private final SmtpParts parts;
  private final Flavour flavour;
  private final SmtpHandlers handlers;
  private final Connection connection;
  private final long endsAt;

  private final Order order = new Order();
  private State state = new State.Connected();
  private @Nullable Account login;
  private boolean over;
  private boolean tooMuch;
  private boolean unflushed;
  private int messages;
  private int errorsInARow;
  private int errors;
  private int refusedRecipients;

  SmtpSession(SmtpParts parts, Flavour flavour, SmtpHandlers handlers, Connection connection) {
    this.parts = parts;
    this.flavour = flavour;
    this.handlers = handlers;
    this.connection = connection;
    this.endsAt = parts.clock().nanoTime() + parts.limits().session().toNanos();
  }

  void run() throws IOException {
    try {
      greet();
      while (!over) {
        step();
      }
    } catch (ShuttingDownException _) {
      goodbye(Replies.SHUTTING_DOWN);
    } catch (LoginRevokedException _) {
      goodbye(LOGIN_REVOKED);
    } catch (DisplacedException _) {
      goodbye(DISPLACED);
    } catch (IdleTimeoutException _) {
      boolean _ = connection.visit().did(Misdeed.IDLENESS);
      goodbye(Replies.TIMED_OUT);
    } catch (RuntimeException e) {
      goodbye(INTERNAL);
      throw e;
    }
  }

  /** Who speaks before the greeting is over is no mail server. */
  private void greet() throws IOException {
    if (connection.wasKeptWaiting()) {
      if (!connection.waitedSilently()) {
        boolean _ = connection.visit().did(Misdeed.EARLY_TALK);
        goodbye(Order.SPOKE_FIRST);
        return;
      }
      connection.visit().passed();
    }
    say(Reply.plain(220, greeting(parts, flavour)));
  }

  /** The text of each of its lines. */
  static String greeting(SmtpParts parts, Flavour flavour) {
    return parts.hostname() + " " + flavour.greeting();
  }

  /** Reads one command and answers it. */
  void step() throws IOException {
    if (!connection.hasLine()) {
      flush();
    }
    long left = endsAt - parts.clock().nanoTime();
    if (left <= 0 || connection.draining()) {
      goodbye(left <= 0 ? TOO_LONG_HERE : Replies.SHUTTING_DOWN);
      return;
    }
    connection.readTimeout(parts.limits().command());
    connection.deadline(Duration.ofNanos(left));
    try {
      Line line = connection.readLine(flavour.maxLine());
      if (!isInOrder(line)) {
        return;
      }
      if (line.bareLf()) {
        answer(null, List.of(BARE_LF)); // RFC 5321 §2.3.8
      } else {
        execute(SmtpParser.parse(line.bytes()));
      }
    } catch (SmtpSyntaxException e) {
      answer(e.verb(), List.of(e.reply()));
      if (e.verb() == SmtpVerb.BDAT) {
        end(); // nobody knows where its octets end and the next command begins
      }
    } catch (LineTooLongException e) {
      answer(null, List.of(LINE_TOO_LONG));
      if (e.isEndless()) {
        end();
      }
    }
  }

  /** Strangers have to keep to the order of things, or the session ends. */
  private boolean isInOrder(Line line) throws IOException {
    Visit visit = connection.visit();
    if (flavour != Flavour.MX || !visit.isStranger()) {
      return true;
    }
    Order.Breach breach = order.breach(line.bytes(), state, connection.buffered() > 0);
    if (breach == null) {
      return true;
    }
    boolean _ = visit.did(breach.misdeed());
    refused(null, breach.reply());
    goodbye(breach.reply());
    return false;
  }

  private void execute(SmtpCommand command) throws IOException {
    SmtpVerb verb = command.verb();
    Reply refusal = flavour.refusal(verb);
    if (refusal == null) {
      refusal = Sequence.refusal(state, verb);
    }
    if (refusal != null) {
      answer(verb, List.of(refusal));
      if (command instanceof SmtpCommand.Bdat bdat) {
        handlers.discardChunk(this, bdat);
      }
      return;
    }
    try {
      answer(verb, handlers.handle(this, state, command));
    } catch (StoreUnavailableException e) {
      storeFailed(e);
      answer(verb, List.of(Replies.STORE_UNAVAILABLE));
    }
  }

  /** Writes the replies to a command, and takes note of what they say of the client. */
  private void answer(@Nullable SmtpVerb verb, List<Reply> replies) throws IOException {
    boolean error = false;
    boolean fault = false;
    for (Reply reply : replies) {
      say(reply);
      if (!reply.isPositive()) {
        refused(verb, reply);
        // A temporary refusal is not the client's error, except of one that guesses passwords.
        fault |= reply.code() >= 500 || verb == SmtpVerb.AUTH;
        // Who names recipient after recipient and may write to none just now has to go all the
        // same.
        error |= fault || isWithoutRecipients(verb);
      }
    }
    if (tooMuch) {
      goodbye(Replies.TOO_MANY_ERRORS);
    } else if (!error) {
      errorsInARow = replies.isEmpty() ? errorsInARow : 0;
    } else if (!over && isOneTooMany(verb)) {
      if (fault) {
        boolean _ = connection.visit().did(Misdeed.ERRORS);
      }
      goodbye(Replies.TOO_MANY_ERRORS);
    }
  }

  private boolean isWithoutRecipients(@Nullable SmtpVerb verb) {
    return verb == SmtpVerb.RCPT
        && state instanceof State.Mailing mailing
        && mailing.transaction().recipients().isEmpty();
  }

  private boolean isOneTooMany(@Nullable SmtpVerb verb) {
    if (verb == SmtpVerb.RCPT) {
      return ++refusedRecipients > parts.limits().refusedRecipients() && !isTrusted();
    }
    errors++;
    errorsInARow++;
    return errorsInARow >= parts.limits().errorsInARow() || errors >= parts.limits().errors();
  }

  private void refused(@Nullable SmtpVerb verb, Reply reply) {
    String name = verb == null ? "?" : verb.name();
    parts
        .events()
        .accept(
            new SmtpEvent.Rejected(
                connection.id(), connection.peerAddress(), name, reply.code(), text(reply)));
  }

  private static String text(Reply reply) {
    String text = reply.lines().getFirst();
    return reply.enhanced() == null ? text : reply.enhanced() + " " + text;
  }

  // ---- what handlers ask for ----

  SmtpParts parts() {
    return parts;
  }

  Connection connection() {
    return connection;
  }

  State state() {
    return state;
  }

  void become(State next) {
    state = next;
  }

  /** What the client calls itself; empty before it has. */
  String helo() {
    return switch (state) {
      case State.Connected _ -> "";
      case State.Idle idle -> idle.hello().domain();
      case State.Mailing mailing -> mailing.hello().domain();
      case State.Chunking chunking -> chunking.hello().domain();
      case State.ChunksFailed failed -> failed.hello().domain();
    };
  }

  /** Forgets the message under way (RFC 5321 §4.1.1.5). */
  void reset() {
    state =
        switch (state) {
          case State.Connected connected -> connected;
          case State.Idle idle -> idle;
          case State.Mailing mailing -> new State.Idle(mailing.hello());
          case State.Chunking chunking -> new State.Idle(chunking.hello());
          case State.ChunksFailed failed -> new State.Idle(failed.hello());
        };
  }

  /** Whether pieces of this message may still come. */
  boolean isReading(ChunkBody body) {
    return !over && state instanceof State.Chunking chunking && chunking.body() == body;
  }

  /** The user who logged in; null if nobody did. */
  @Nullable Account login() {
    return login;
  }

  boolean isLoggedIn() {
    return login != null;
  }

  void login(@Nullable Account account) {
    login = account;
  }

  /** Whether limits of behaviour do not count. */
  boolean isTrusted() {
    return login != null || flavour == Flavour.LMTP || connection.isLoopback();
  }

  /** How many messages were begun to be taken in. */
  int messages() {
    return messages;
  }

  /** The name of the next message in replies, trace fields and the log. */
  String nextMessageId() {
    return connection.id() + "." + ++messages;
  }

  /** The peer misbehaved; when it is too much, the session ends behind the reply. */
  void misbehaved(Misdeed misdeed) {
    tooMuch |= connection.visit().did(misdeed);
  }

  /** No command is read after this one. */
  void end() {
    over = true;
  }

  /** The reading of a message begins or goes on: its own limits of time count. */
  void expectMessage() {
    connection.readTimeout(parts.limits().data());
    connection.deadline(parts.limits().message());
  }

  /** The store could not do it. Why is for the log, and for nobody else. */
  void storeFailed(StoreUnavailableException cause) {
    parts
        .events()
        .accept(new SmtpEvent.StoreFailed(connection.id(), String.valueOf(cause.getMessage())));
  }

  // ---- writing ----

  /** Writes a reply; it leaves with others as soon as the client has to be waited for. */
  void say(Reply reply) throws IOException {
    connection.write(reply.render());
    unflushed = true;
  }

  /** Asks the client something in the course of AUTH (RFC 4954 §4), and waits for it. */
  void challenge(String base64) throws IOException {
    connection.writeLine("334 " + base64);
    unflushed = true;
    flush();
  }

  private void goodbye(Reply reply) throws IOException {
    say(reply);
    end();
  }

  /** RFC 2920 §3.2: replies to pipelined commands leave together, but never wait for input. */
  void flushBeforeWaiting() throws IOException {
    if (unflushed && connection.buffered() == 0) {
      flush();
    }
  }

  void flush() throws IOException {
    if (unflushed) {
      unflushed = false;
      connection.flush();
    }
  }
}
