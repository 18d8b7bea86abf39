package org.everpost.server.pop3;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.everpost.core.directory.Account;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.StoreEvent;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.password.AuthResult;
import org.everpost.core.password.Authenticator;
import org.everpost.core.password.LoginStep;
import org.everpost.core.password.SaslExchange;
import org.everpost.core.password.SaslLogin;
import org.everpost.server.net.Connection;
import org.everpost.server.net.DisplacedException;
import org.everpost.server.net.IdleTimeoutException;
import org.everpost.server.net.LineTooLongException;
import org.everpost.server.net.LoginRevokedException;
import org.everpost.server.net.Session;
import org.everpost.server.net.ShuttingDownException;
import org.everpost.store.BlobDamagedException;
import org.everpost.store.BlobMissingException;
import org.everpost.store.StoreException;
import org.everpost.store.StoreUnavailableException;
import org.everpost.wire.pop3.MultiLineBody;
import org.everpost.wire.pop3.Pop3Command;
import org.everpost.wire.pop3.Pop3Parser;
import org.everpost.wire.sasl.SaslMechanism;
import org.jspecify.annotations.Nullable;

/** A POP3 dialogue (RFC 1939 §3 to §7). */
public final class Pop3Session implements Session {

  /** After so many failed logins the connection ends. */
  private static final int MAX_FAILED_LOGINS = 5;

  /** After so many errors in a row the connection ends. */
  private static final int MAX_ERRORS = 10;

  /** After so many errors in all, too. */
  private static final int MAX_ALL_ERRORS = 1_000;

  /** What is offered in every state (RFC 2449 §6, RFC 3206 §4, RFC 6856 §2). */
  private static final List<String> CAPABILITIES =
      List.of(
          "TOP",
          "UIDL",
          "RESP-CODES",
          "AUTH-RESP-CODE",
          "PIPELINING",
          "UTF8 USER",
          "EXPIRE NEVER",
          "IMPLEMENTATION Everpost");

  private final Pop3Limits limits;
  private final Mailboxes mailboxes;
  private final Authenticator authenticator;
  private final SaslLogin sasl;
  private final EventSink events;
  private @Nullable String user;
  private @Nullable Account account;
  private @Nullable Maildrop maildrop;
  private int errors;
  private int allErrors;
  private int failedLogins;
  private boolean ended;

  public Pop3Session(
      Mailboxes mailboxes, Authenticator authenticator, SaslLogin sasl, EventSink events) {
    this(Pop3Limits.DEFAULT, mailboxes, authenticator, sasl, events);
  }

  Pop3Session(
      Pop3Limits limits,
      Mailboxes mailboxes,
      Authenticator authenticator,
      SaslLogin sasl,
      EventSink events) {
    this.limits = limits;
    this.mailboxes = mailboxes;
    this.authenticator = authenticator;
    this.sasl = sasl;
    this.events = events;
  }

  @Override
  public void run(Connection connection) throws IOException {
    ok(connection, "Everpost POP3 ready");
    connection.readTimeout(limits.command());
    connection.deadline(limits.login());
    try {
      while (!ended) {
        if (!connection.hasLine()) {
          connection.flush();
        }
        next(connection);
      }
    } catch (ShuttingDownException e) {
      error(connection, "[SYS/TEMP] the server is stopping, try again soon");
    } catch (LoginRevokedException e) {
      error(connection, "[AUTH] your login does not hold any longer");
    } catch (DisplacedException e) {
      error(connection, "[SYS/TEMP] others need this place more, try again");
    } catch (IdleTimeoutException e) {
      error(connection, "[SYS/TEMP] nothing came for too long");
    }
    connection.flush();
  }

  private void next(Connection connection) throws IOException {
    Pop3Command command;
    try {
      command = Pop3Parser.parse(connection.readLine(Pop3Parser.MAX_LINE_OCTETS).bytes());
    } catch (LineTooLongException e) {
      error(connection, "the line is too long");
      ended |= e.isEndless();
      return;
    }
    try {
      Maildrop drop = maildrop;
      if (drop == null) {
        authorization(connection, command);
      } else {
        transaction(connection, command, drop);
      }
    } catch (LineTooLongException e) {
      error(connection, "the line is too long");
      ended = e.isEndless();
    } catch (StoreUnavailableException e) {
      events.accept(new StoreEvent.Unavailable(String.valueOf(e.getMessage())));
      error(connection, "[SYS/TEMP] the mail store does not answer, try again soon");
    }
  }

  private void authorization(Connection connection, Pop3Command command) throws IOException {
    switch (command) {
      case Pop3Command.Capa _ -> capabilities(connection);
      case Pop3Command.User c -> user(connection, c);
      case Pop3Command.Pass c -> pass(connection, c);
      case Pop3Command.Auth c -> auth(connection, c);
      case Pop3Command.Stls _ -> startTls(connection);
      case Pop3Command.Utf8 _ -> ok(connection, "UTF-8 it is");
      case Pop3Command.Quit _ -> quit(connection);
      case Pop3Command.Noop _,
          Pop3Command.Stat _,
          Pop3Command.ListSizes _,
          Pop3Command.Uidl _,
          Pop3Command.Retr _,
          Pop3Command.Top _,
          Pop3Command.Dele _,
          Pop3Command.Rset _ ->
          error(connection, "log in first");
      case Pop3Command.Unknown _ -> error(connection, "no such command");
      case Pop3Command.Malformed c -> error(connection, "usage: " + c.usage());
    }
  }

  private void transaction(Connection connection, Pop3Command command, Maildrop drop)
      throws IOException {
    switch (command) {
      case Pop3Command.Capa _ -> capabilities(connection);
      case Pop3Command.Stat _ -> ok(connection, drop.count() + " " + drop.size());
      case Pop3Command.ListSizes c ->
          list(connection, drop, c.message(), number -> Long.toString(drop.size(number)));
      case Pop3Command.Uidl c -> list(connection, drop, c.message(), drop::uniqueId);
      case Pop3Command.Retr c ->
          send(connection, drop, c.message(), MultiLineBody.whole(connection.output()));
      case Pop3Command.Top c ->
          send(connection, drop, c.message(), MultiLineBody.top(connection.output(), c.lines()));
      case Pop3Command.Dele c -> delete(connection, drop, c.message());
      case Pop3Command.Noop _ -> ok(connection, "");
      case Pop3Command.Rset _ -> {
        drop.reset();
        ok(connection, drop.count() + " messages");
      }
      case Pop3Command.Quit _ -> update(connection, drop);
      case Pop3Command.User _, Pop3Command.Pass _, Pop3Command.Auth _ ->
          error(connection, "you are logged in already");
      case Pop3Command.Stls _, Pop3Command.Utf8 _ -> error(connection, "only before the login");
      case Pop3Command.Unknown _ -> error(connection, "no such command");
      case Pop3Command.Malformed c -> error(connection, "usage: " + c.usage());
    }
  }

  /** RFC 2449 §5 and §6. */
  private void capabilities(Connection connection) throws IOException {
    ok(connection, "capabilities follow");
    for (String capability : CAPABILITIES) {
      connection.writeLine(capability);
    }
    if (maildrop == null && connection.canStartTls()) {
      connection.writeLine("STLS");
    }
    // These two do not differ between the states (RFC 2449 §6.2 and §6.3).
    if (sasl.plaintextAllowed(connection)) {
      connection.writeLine("USER");
    }
    List<String> mechanisms = mechanisms(connection);
    if (!mechanisms.isEmpty()) {
      connection.writeLine("SASL " + String.join(" ", mechanisms));
    }
    connection.writeLine(".");
  }

  private void user(Connection connection, Pop3Command.User command) throws IOException {
    if (!sasl.plaintextAllowed(connection)) {
      error(connection, "[AUTH] passwords need TLS: STLS first");
      return;
    }
    user = command.name();
    ok(connection, "and the password?");
  }

  private void pass(Connection connection, Pop3Command.Pass command) throws IOException {
    String name = user;
    user = null;
    if (name == null) {
      error(connection, "USER first");
      return;
    }
    loggedIn(connection, authenticator.authenticate(name, command.password(), "USER", connection));
  }

  /** RFC 5034 §4. */
  private void auth(Connection connection, Pop3Command.Auth command) throws IOException {
    String mechanism = command.mechanism();
    if (mechanism == null) {
      ok(connection, "mechanisms follow");
      for (String offered : mechanisms(connection)) {
        connection.writeLine(offered);
      }
      connection.writeLine(".");
      return;
    }
    Optional<SaslExchange> exchange = sasl.start(mechanism, connection);
    if (exchange.isEmpty()) {
      error(connection, "[AUTH] that mechanism is not offered here");
      return;
    }
    LoginStep step = exchange.get().begin(command.initialResponse());
    while (step instanceof LoginStep.Challenge challenge) {
      connection.writeLine("+ " + challenge.base64());
      connection.flush();
      String answer = connection.readLine(SaslExchange.MAX_LINE_CHARACTERS).latin1();
      step = exchange.get().answer(answer);
    }
    switch (step) {
      case LoginStep.Finished finished -> loggedIn(connection, finished.result());
      case LoginStep.Cancelled _ -> error(connection, "as you like");
      case LoginStep.Malformed _ -> error(connection, "that is not Base64");
      case LoginStep.Challenge _ -> throw new IllegalStateException("a challenge ends no exchange");
    }
  }

  private List<String> mechanisms(Connection connection) {
    return sasl.mechanisms(connection).stream().map(SaslMechanism::registeredName).toList();
  }

  private void loggedIn(Connection connection, AuthResult result) throws IOException {
    switch (result) {
      case AuthResult.Success success -> {
        Maildrop drop = Maildrop.open(mailboxes, mailboxes.open(success.account().id()));
        account = success.account();
        maildrop = drop;
        connection.readTimeout(limits.idle());
        connection.noDeadline();
        ok(connection, drop.count() + " messages");
      }
      case AuthResult.Failure _ -> {
        error(connection, "[AUTH] name or password is wrong");
        ended |= ++failedLogins >= MAX_FAILED_LOGINS;
      }
      case AuthResult.Throttled t ->
          error(
              connection,
              "[SYS/TEMP] too many failed logins, try again in "
                  + Math.max(1, t.retryAfter().toSeconds())
                  + " s");
      case AuthResult.Unavailable _ -> error(connection, "[SYS/TEMP] try again soon");
    }
  }

  private void startTls(Connection connection) throws IOException {
    if (!connection.canStartTls()) {
      error(connection, "TLS cannot start here");
      return;
    }
    if (connection.buffered() > 0) {
      ended = true; // RFC 2595 §4; somebody in the middle may have put it there (CVE-2011-0411)
      error(connection, "nothing may follow STLS before TLS");
      return;
    }
    ok(connection, "begin TLS");
    connection.flush();
    user = null;
    connection.startTls();
  }

  private void list(
      Connection connection, Maildrop drop, @Nullable Integer message, IntFunction<String> value)
      throws IOException {
    if (message != null) {
      if (drop.has(message)) {
        ok(connection, message + " " + value.apply(message));
      } else {
        noSuchMessage(connection);
      }
      return;
    }
    ok(connection, drop.count() + " messages");
    for (int number = 1; number <= drop.last(); number++) {
      if (drop.has(number)) {
        connection.writeLine(number + " " + value.apply(number));
      }
    }
    connection.writeLine(".");
  }

  private void send(Connection connection, Maildrop drop, int number, MultiLineBody body)
      throws IOException {
    if (!drop.has(number)) {
      noSuchMessage(connection);
      return;
    }
    boolean begun = false;
    try (InputStream content = drop.content(number)) {
      if (content == null) {
        error(connection, "another session deleted that message");
        return;
      }
      begun = true;
      ok(connection, drop.size(number) + " octets");
      Maildrop.send(content, body);
    } catch (BlobDamagedException e) {
      damaged(connection, e, e.id().toString(), begun);
    } catch (BlobMissingException e) {
      damaged(connection, e, e.id().toString(), begun);
    }
  }

  /** Where the response has begun it cannot be taken back: cutting it off is all that is left. */
  private void damaged(Connection connection, StoreException cause, String blob, boolean begun)
      throws IOException {
    Account owner = account;
    events.accept(
        new StoreEvent.BlobDamaged(blob, owner == null ? "" : owner.address().toString()));
    if (!begun) {
      error(connection, "[SYS/PERM] that message is damaged");
      return;
    }
    connection.close();
    throw new IOException("the message cannot be read", cause);
  }

  private void delete(Connection connection, Maildrop drop, int number) throws IOException {
    if (drop.has(number)) {
      drop.delete(number);
      ok(connection, "deleted at QUIT");
    } else {
      noSuchMessage(connection);
    }
  }

  private void update(Connection connection, Maildrop drop) throws IOException {
    ended = true;
    drop.update();
    ok(connection, "goodbye");
  }

  private void quit(Connection connection) throws IOException {
    ended = true;
    ok(connection, "goodbye");
  }

  private void noSuchMessage(Connection connection) throws IOException {
    error(connection, "no such message");
  }

  private void ok(Connection connection, String text) throws IOException {
    errors = 0;
    connection.writeLine(text.isEmpty() ? "+OK" : "+OK " + text);
  }

  private void error(Connection connection, String text) throws IOException {
    boolean tooMany = ++errors >= MAX_ERRORS || ++allErrors >= MAX_ALL_ERRORS;
    ended |= tooMany;
    connection.writeLine("-ERR " + text + (tooMany ? "; too many errors, goodbye" : ""));
  }
}
