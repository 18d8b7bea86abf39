package org.everpost.wire.smtp;

/** The first word of a command. */
public enum SmtpVerb {
  EHLO,
  HELO,
  LHLO,
  MAIL,
  RCPT,
  DATA,
  BDAT,
  RSET,
  NOOP,
  VRFY,
  EXPN,
  HELP,
  QUIT,
  STARTTLS,
  AUTH
}
