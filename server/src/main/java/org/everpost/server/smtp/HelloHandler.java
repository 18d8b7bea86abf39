package org.everpost.server.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.everpost.server.guard.Misdeed;
import org.everpost.server.net.Connection;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.smtp.SmtpVerb;

/** EHLO, HELO and LHLO: who is there, and what can be done (RFC 5321 §4.1.1.1). */
final class HelloHandler {

  /** RFC 5321 §4.1.4 lets a name be wrong that could be right; this one cannot. */
  private static final Reply NOT_YOUR_NAME =
      Reply.of(550, "5.7.1", "That is not your name: give the one of your own server");

  private final SmtpParts parts;
  private final Flavour flavour;

  private final AuthHandler auth;

  HelloHandler(SmtpParts parts, Flavour flavour, AuthHandler auth) {
    this.parts = parts;
    this.flavour = flavour;
    this.auth = auth;
  }

  /** Whatever was under way is forgotten (RFC 5321 §4.1.4). */
  Reply handle(SmtpSession session, SmtpVerb verb, String domain) {
    if (flavour == Flavour.MX
        && session.connection().visit().isStranger()
        && isFalse(domain, session.connection())) {
      session.misbehaved(Misdeed.FALSE_NAME);
      return NOT_YOUR_NAME;
    }
    session.become(new State.Idle(new State.Hello(verb, domain)));
    if (verb == SmtpVerb.HELO) {
      return Reply.plain(250, parts.hostname());
    }
    List<String> lines = new ArrayList<>(12);
    lines.add(parts.hostname());
    lines.add("PIPELINING");
    lines.add("SIZE " + parts.limits().messageSize());
    lines.add("8BITMIME");
    lines.add("SMTPUTF8");
    lines.add("ENHANCEDSTATUSCODES");
    lines.add("CHUNKING");
    lines.add("BINARYMIME");
    lines.add("DSN");
    lines.add("LIMITS" + limits(session));
    if (session.connection().canStartTls()) {
      lines.add("STARTTLS");
    }
    if (session.connection().isTls()) {
      lines.add("REQUIRETLS"); // RFC 8689 §2: it would be of no use without
    }
    String mechanisms = auth.mechanisms(session.connection());
    if (flavour == Flavour.SUBMISSION && !session.isLoggedIn() && !mechanisms.isEmpty()) {
      lines.add("AUTH " + mechanisms);
    }
    return new Reply(250, null, lines);
  }

  /** Whether a stranger calls himself by a name or an address of ours. */
  private boolean isFalse(String domain, Connection connection) {
    String name = domain.toLowerCase(Locale.ROOT);
    return name.equals(parts.hostname())
        || name.equals("localhost")
        || name.startsWith("localhost.")
        || (name.startsWith("[")
            && name.equals("[" + connection.local().getAddress().getHostAddress() + "]"));
  }

  /** RFC 9422 §4. */
  private String limits(SmtpSession session) {
    String recipients = " RCPTMAX=" + parts.limits().recipients();
    return session.isTrusted() ? recipients : " MAILMAX=" + parts.limits().messages() + recipients;
  }
}
