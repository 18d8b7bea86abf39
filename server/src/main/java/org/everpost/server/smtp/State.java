package org.everpost.server.smtp;

import org.everpost.wire.smtp.SmtpVerb;

/** Where a session is. */
sealed interface State {

  /** What the client said of itself. */
  record Hello(SmtpVerb verb, String domain) {}

  /** Nobody has said EHLO yet, or not since TLS began. */
  record Connected() implements State {}

  /** No message is under way. */
  record Idle(Hello hello) implements State {}

  /** After MAIL. */
  record Mailing(Hello hello, Transaction transaction) implements State {}

  /** After the first BDAT, up to the last. */
  record Chunking(Hello hello, Transaction transaction, ChunkBody body) implements State {}

  /** After a BDAT that failed: what it belongs to is lost, up to RSET or the last BDAT. */
  record ChunksFailed(Hello hello) implements State {}
}
