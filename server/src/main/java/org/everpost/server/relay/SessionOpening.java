package org.everpost.server.relay;

import java.io.IOException;
import java.util.Set;
import org.everpost.core.spool.Reason;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.net.Connection;
import org.everpost.server.net.Dialer;
import org.everpost.server.relay.OpeningFailedException.Kind;
import org.everpost.server.relay.Routes.Login;
import org.everpost.server.relay.tls.Authorities;
import org.everpost.server.relay.tls.CertificateProblem;
import org.everpost.server.relay.tls.PeerTrust;
import org.everpost.server.relay.tls.TlsReports;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.PeerCapabilities;
import org.everpost.wire.smtp.PeerCapabilities.Extension;
import org.everpost.wire.smtp.PeerReply;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;

/** From a connection to a session that is ready for MAIL. Safe for any number of threads. */
final class SessionOpening {

  private final RelaySettings settings;
  private final OwnAddresses own;
  private final Authorities authorities;
  private final TlsReports reports;
  private final Dialer dialer;
  private final Clock clock;
  private final RandomSource random;

  SessionOpening(
      RelaySettings settings,
      OwnAddresses own,
      Authorities authorities,
      TlsReports reports,
      Dialer dialer,
      Clock clock,
      RandomSource random) {
    this.settings = settings;
    this.own = own;
    this.authorities = authorities;
    this.reports = reports;
    this.dialer = dialer;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Greeting, EHLO, STARTTLS, AUTH. The connection is hung up if it fails.
   *
   * @param plaintext whether TLS was tried on another connection and did not work
   * @param permission asked by the session, for each message
   */
  RelayConnection open(
      Connection connection, PeerServer server, boolean plaintext, Permission permission)
      throws OpeningFailedException {
    String peer =
        server.name() + "[" + connection.peerAddress() + "]:" + connection.peer().getPort();
    Opening opening = new Opening(server, new Dialogue(connection, peer));
    boolean opened = false;
    try {
      PeerSession session = opening.run(plaintext, permission);
      opened = true;
      return session;
    } catch (SessionEndedException e) {
      throw new OpeningFailedException(Kind.TEMPORARY, e.reason(peer));
    } finally {
      if (!opened) {
        dialer.hangUp(connection);
      }
    }
  }

  private final class Opening {
    private final PeerServer server;
    private final Dialogue dialogue;
    private final RelayLimits limits = settings.limits();
    private PeerCapabilities capabilities = PeerCapabilities.NONE;

    Opening(PeerServer server, Dialogue dialogue) {
      this.server = server;
      this.dialogue = dialogue;
    }

    PeerSession run(boolean plaintext, Permission permission)
        throws SessionEndedException, OpeningFailedException {
      PeerReply greeting = dialogue.reply(limits.greeting(), "the connection");
      requireCompleted(greeting);
      requireStranger(greeting);
      hello();
      if (!plaintext) {
        tls();
      }
      boolean secured = dialogue.connection().isTls() && server.policy().authenticates();
      if (server.requireTls() && !(secured && capabilities.offers(Extension.REQUIRE_TLS))) {
        // RFC 8689 §4.2.1.
        throw refused("5.7.30", " does not offer REQUIRETLS, which the sender demands");
      }
      Login login = server.login();
      if (login != null) {
        logIn(login);
      }
      return new PeerSession(
          dialogue, dialer, capabilities, secured, server.chosen(), limits, permission);
    }

    /** EHLO or, where it is unknown, HELO (RFC 5321 §3.2). */
    private void hello() throws SessionEndedException, OpeningFailedException {
      String name = settings.hostname().ascii();
      PeerReply reply = dialogue.ask("EHLO " + name, limits.command());
      if (reply.isPermanentFailure()) {
        reply = dialogue.ask("HELO " + name, limits.command());
        requireCompleted(reply);
        capabilities = PeerCapabilities.NONE;
      } else {
        requireCompleted(reply);
        capabilities = PeerCapabilities.of(reply);
      }
      requireStranger(reply);
    }

    private void requireCompleted(PeerReply reply) throws OpeningFailedException {
      if (!reply.isCompleted()) {
        EnhancedStatusCode status =
            reply.isIntermediate()
                ? EnhancedStatusCode.of("4.5.0")
                : ReplyStatus.of(reply, ReplyStatus.Stage.OTHER);
        throw new OpeningFailedException(
            reply.isPermanentFailure() ? Kind.UNWELCOME : Kind.TEMPORARY,
            new Reason(status, reply.toString(), dialogue.peer()));
      }
    }

    /** RFC 5321 §4.3.1 and §4.1.1.1: greeting and answer begin with the peer's name. */
    private void requireStranger(PeerReply reply) throws OpeningFailedException {
      if (own.isOurName(reply.lines().getFirst().strip().split(" ", 2)[0])) {
        throw new OpeningFailedException(
            Kind.LOOP,
            new Reason(
                EnhancedStatusCode.of("5.4.6"),
                dialogue.peer() + " is this server: the mail loops back",
                null));
      }
    }

    private void tls() throws SessionEndedException, OpeningFailedException {
      PeerReply reply = capabilities.offers(Extension.STARTTLS) ? startTls() : null;
      if (reply == null || reply.code() != 220) {
        report(ResultType.STARTTLS_NOT_SUPPORTED);
        if (server.requireTls()) {
          throw refused("5.7.30", " offers no TLS, which the sender demands");
        } else if (server.policy().demandsTls()) {
          throw failed(
              Kind.TEMPORARY, "4.7.4", dialogue.peer() + " offers no TLS, which is required");
        }
        return;
      }
      PeerTrust trust = new PeerTrust(server.policy(), server.observed(), authorities, clock);
      String host = server.host() == null ? null : server.host().ascii();
      try {
        dialogue.connection().startTls(trust.newEngine(host, server.port()));
      } catch (IOException e) {
        CertificateProblem problem = trust.problem();
        report(problem == null ? ResultType.VALIDATION_FAILURE : problem.kind());
        throw failed(
            server.policy().demandsTls() ? Kind.TEMPORARY : Kind.HANDSHAKE,
            "4.7.5",
            problem == null
                ? "TLS with " + dialogue.peer() + " failed"
                : "TLS with " + dialogue.peer() + ": " + problem.text());
      }
      CertificateProblem seen = trust.observedProblem();
      report(seen == null ? null : seen.kind());
      hello(); // RFC 3207 §4.2: what was said before counts no longer
    }

    private PeerReply startTls() throws SessionEndedException, OpeningFailedException {
      try {
        return dialogue.ask("STARTTLS", limits.command());
      } catch (SessionEndedException e) {
        if (!e.isSaidByPeer()) {
          report(ResultType.VALIDATION_FAILURE);
        }
        if (e.isSaidByPeer() || server.policy().demandsTls()) {
          throw e;
        }
        throw new OpeningFailedException(Kind.HANDSHAKE, e.reason(dialogue.peer()));
      }
    }

    private void report(@Nullable ResultType failure) {
      Connection connection = dialogue.connection();
      for (TlsReports.Policy policy : server.reported()) {
        reports.count(
            new TlsReports.Session(
                policy,
                failure,
                server.name(),
                connection.peerAddress(),
                connection.local().getAddress().getHostAddress()));
      }
    }

    private void logIn(Login login) throws SessionEndedException, OpeningFailedException {
      Connection connection = dialogue.connection();
      if (!connection.isTls() && !connection.isLoopback()) {
        throw failed(
            Kind.TEMPORARY, "4.7.11", dialogue.peer() + " would get the password in plain text");
      }
      Set<String> mechanisms = capabilities.authMechanisms();
      PeerReply reply = new ClientLogin(dialogue, limits.command(), random).run(login, mechanisms);
      if (reply == null) {
        throw failed(
            Kind.UNWELCOME,
            "4.7.8",
            dialogue.peer() + " offers no way to log in that is known here: " + mechanisms);
      }
      if (!reply.isCompleted()) {
        throw new OpeningFailedException(
            reply.isTransientFailure() ? Kind.TEMPORARY : Kind.UNWELCOME,
            new Reason(EnhancedStatusCode.of("4.7.8"), reply.toString(), dialogue.peer()));
      }
    }

    private OpeningFailedException refused(String status, String what) {
      return failed(Kind.PERMANENT, status, dialogue.peer() + what);
    }

    private OpeningFailedException failed(Kind kind, String status, String text) {
      return new OpeningFailedException(
          kind, new Reason(EnhancedStatusCode.of(status), text, null));
    }
  }
}
