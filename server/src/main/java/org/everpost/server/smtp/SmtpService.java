package org.everpost.server.smtp;

import java.io.IOException;
import java.util.Objects;
import org.everpost.core.event.EventSink;
import org.everpost.core.password.SaslLogin;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.net.Connection;
import org.everpost.server.net.Session;

/** Makes the sessions of SMTP, LMTP and submission. Safe for any number of threads. */
public final class SmtpService {

  private final SmtpParts parts;
  private final Session mx;
  private final Session lmtp;
  private final Session submission;

  /**
   * @param hostname what the server calls itself
   * @param showClient whether a Received field tells from where a user of ours sent a message
   * @param logins used by submission only
   */
  public SmtpService(
      String hostname,
      boolean showClient,
      SmtpLimits limits,
      LocalMail mail,
      RemoteMail remote,
      SendingGuard guard,
      SaslLogin logins,
      Clock clock,
      RandomSource random,
      EventSink events) {
    this.parts =
        new SmtpParts(
            Objects.requireNonNull(hostname, "hostname"),
            showClient,
            limits,
            mail,
            remote,
            guard,
            clock,
            random,
            events);
    this.mx = session(Flavour.MX, logins);
    this.lmtp = session(Flavour.LMTP, logins);
    this.submission = session(Flavour.SUBMISSION, logins);
  }

  private Session session(Flavour flavour, SaslLogin logins) {
    SmtpHandlers handlers = new SmtpHandlers(parts, flavour, logins);
    return new Session() {
      @Override
      public void announceWait(Connection connection) throws IOException {
        connection.writeLine("220-" + SmtpSession.greeting(parts, flavour));
        connection.flush();
      }

      @Override
      public void run(Connection connection) throws IOException {
        new SmtpSession(parts, flavour, handlers, connection).run();
      }
    };
  }

  /** For mail from other servers. */
  public Session mx() {
    return mx;
  }

  /** For mail from programs on our machines. */
  public Session lmtp() {
    return lmtp;
  }

  /** For mail from our users, on both ports. */
  public Session submission() {
    return submission;
  }
}
