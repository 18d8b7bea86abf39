package org.everpost.server.smtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Instant;
import javax.net.ssl.SSLSession;
import org.everpost.server.net.Connection;
import org.everpost.wire.smtp.InternetDate;
import org.everpost.wire.smtp.SmtpVerb;

/** The fields that say where a message came from (RFC 5321 §4.4). */
final class TraceHeader {

  /**
   * Deviates from RFC 5321 §4.4, by which the name and the address of the client should be here,
   * because where our users are is nobody's business. The log has both beside the id.
   */
  private static final String SUBMISSION = "submission by ";

  private TraceHeader() {}

  /** Return-Path, because a mailbox is where the way ends, and Received. */
  static void append(
      StringBuilder out, SmtpSession session, State.Hello hello, Transaction tx, String id) {
    out.append("Return-Path: ").append(tx.mail().from()).append("\r\n");
    received(out, session, hello, tx, id, session.parts().clock().instant());
  }

  private static void received(
      StringBuilder out,
      SmtpSession session,
      State.Hello hello,
      Transaction tx,
      String id,
      Instant now) {
    Connection connection = session.connection();
    out.append("Received: from ");
    if (session.isLoggedIn() && !session.parts().showClient()) {
      out.append(SUBMISSION);
    } else {
      out.append(hello.domain()).append(" (");
      address(out, connection.peer().getAddress()).append(")\r\n\tby ");
    }
    out.append(session.parts().hostname()).append(" with ");
    protocol(out, hello.verb(), tx.mail().smtpUtf8(), connection.isTls(), session.isLoggedIn());
    out.append(" id ").append(id);
    SSLSession tls = connection.tls();
    if (tls != null) {
      out.append("\r\n\t(").append(tls.getProtocol()).append(' ');
      out.append(tls.getCipherSuite()).append(')');
    }
    if (tx.recipients().size() == 1) { // more would tell each of the others (RFC 5321 §7.6)
      out.append("\r\n\tfor ").append(tx.recipients().getFirst().path());
    }
    out.append(";\r\n\t").append(InternetDate.format(now)).append("\r\n");
  }

  /** As an address literal (RFC 5321 §4.1.3). */
  private static StringBuilder address(StringBuilder out, InetAddress address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    out.append(address instanceof Inet6Address ? "[IPv6:" : "[");
    return out.append(text, 0, scope < 0 ? text.length() : scope).append(']');
  }

  /** RFC 3848 and RFC 6531 §4.3. */
  private static void protocol(
      StringBuilder out, SmtpVerb hello, boolean utf8, boolean tls, boolean loggedIn) {
    if (hello == SmtpVerb.HELO) {
      out.append("SMTP");
      return;
    }
    boolean lmtp = hello == SmtpVerb.LHLO;
    out.append(utf8 ? "UTF8" : "").append(lmtp ? "LMTP" : utf8 ? "SMTP" : "ESMTP");
    out.append(tls ? "S" : "").append(loggedIn ? "A" : "");
  }
}
