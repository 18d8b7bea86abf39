package org.everpost.wire.smtp;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A command as the client sent it, correct in itself. */
public sealed interface SmtpCommand {

  SmtpVerb verb();

  /** What the client says of the octets it is going to send (RFC 6152 §3, RFC 3030 §3). */
  enum Body {
    SEVEN_BIT,
    EIGHT_BIT_MIME,
    BINARY_MIME
  }

  /** How much of the message a failure notification returns (RFC 3461 §4.3). */
  enum Ret {
    FULL,
    HDRS
  }

  /** When the sender wants to be told (RFC 3461 §4.1). */
  enum Notify {
    NEVER,
    SUCCESS,
    FAILURE,
    DELAY
  }

  /** EHLO, RFC 5321 §4.1.1.1. */
  record Ehlo(String domain) implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.EHLO;
    }
  }

  /** HELO, RFC 5321 §4.1.1.1. */
  record Helo(String domain) implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.HELO;
    }
  }

  /** LHLO, RFC 2033 §4.1. */
  record Lhlo(String domain) implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.LHLO;
    }
  }

  /**
   * MAIL, RFC 5321 §4.1.1.2.
   *
   * @param size declared octets (RFC 1870), or {@link #NO_SIZE}
   * @param ret DSN, null if not given
   * @param envid DSN, decoded xtext; null if not given
   * @param auth who submitted it first (RFC 4954 §5), decoded xtext, {@code <>} if unknown; null if
   *     not given. Nobody is trusted with it.
   * @param requireTls whether every server on the way has to have TLS (RFC 8689)
   */
  record Mail(
      Path from,
      long size,
      Body body,
      boolean smtpUtf8,
      @Nullable Ret ret,
      @Nullable String envid,
      @Nullable String auth,
      boolean requireTls)
      implements SmtpCommand {

    public static final long NO_SIZE = -1;

    public Mail {
      Objects.requireNonNull(body, "body");
      if (from instanceof Path.Postmaster) {
        throw new IllegalArgumentException("Postmaster is not a reverse-path");
      }
    }

    @Override
    public SmtpVerb verb() {
      return SmtpVerb.MAIL;
    }
  }

  /**
   * RCPT, RFC 5321 §4.1.1.3.
   *
   * @param notifyOn empty if not given
   * @param orcpt the original recipient, {@code type;address} with the address decoded; null if not
   *     given
   */
  record Rcpt(Path to, Set<Notify> notifyOn, @Nullable String orcpt) implements SmtpCommand {
    public Rcpt {
      notifyOn = Set.copyOf(notifyOn);
      if (to instanceof Path.Null) {
        throw new IllegalArgumentException("<> is not a forward-path");
      }
    }

    @Override
    public SmtpVerb verb() {
      return SmtpVerb.RCPT;
    }
  }

  /** DATA, RFC 5321 §4.1.1.4. */
  record Data() implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.DATA;
    }
  }

  /**
   * BDAT, RFC 3030 §2.
   *
   * @param size octets that follow the line; {@link Long#MAX_VALUE} if it was more than that
   */
  record Bdat(long size, boolean last) implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.BDAT;
    }
  }

  /** RSET, RFC 5321 §4.1.1.5. */
  record Rset() implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.RSET;
    }
  }

  /** NOOP, RFC 5321 §4.1.1.9. */
  record Noop() implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.NOOP;
    }
  }

  /** VRFY, RFC 5321 §4.1.1.6. */
  record Vrfy(String text) implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.VRFY;
    }
  }

  /** EXPN, RFC 5321 §4.1.1.7. */
  record Expn(String text) implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.EXPN;
    }
  }

  /** HELP, RFC 5321 §4.1.1.8. */
  record Help(String text) implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.HELP;
    }
  }

  /** QUIT, RFC 5321 §4.1.1.10. */
  record Quit() implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.QUIT;
    }
  }

  /** STARTTLS, RFC 3207 §4. */
  record StartTls() implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.STARTTLS;
    }
  }

  /**
   * AUTH, RFC 4954 §4.
   *
   * @param mechanism in upper case
   * @param initialResponse still in base 64, {@code =} for an empty one; null if not given. A
   *     secret: {@link #toString} does not show it.
   */
  record Auth(String mechanism, @Nullable String initialResponse) implements SmtpCommand {
    @Override
    public SmtpVerb verb() {
      return SmtpVerb.AUTH;
    }

    @Override
    public String toString() {
      return "Auth[mechanism=" + mechanism + "]";
    }
  }
}
