package org.everpost.server.smtp;

import org.everpost.wire.smtp.Reply;
import org.everpost.wire.smtp.SmtpVerb;
import org.jspecify.annotations.Nullable;

/** Which command may come when (RFC 5321 §4.1.4, RFC 3030 §2). */
final class Sequence {

  private static final Reply HELLO_FIRST = Reply.of(503, "5.5.1", "Say who you are first");
  private static final Reply MAIL_FIRST = Reply.of(503, "5.5.1", "MAIL must come first");
  private static final Reply RCPT_FIRST = Reply.of(503, "5.5.1", "RCPT must come first");
  private static final Reply NESTED = Reply.of(503, "5.5.1", "A message is under way");
  private static final Reply CHUNKS = Reply.of(503, "5.5.1", "Go on with BDAT or RSET");
  private static final Reply NO_RECIPIENTS = Reply.of(554, "5.5.1", "No valid recipients");

  private Sequence() {}

  /** The refusal if the command may not come now; null if it may. */
  static @Nullable Reply refusal(State state, SmtpVerb verb) {
    return switch (verb) {
      case EHLO, HELO, LHLO, RSET, NOOP, VRFY, EXPN, HELP, QUIT -> null;
      case MAIL, STARTTLS, AUTH ->
          switch (state) {
            case State.Idle _ -> null;
            case State.Connected _ -> HELLO_FIRST;
            case State.Mailing _ -> NESTED;
            case State.Chunking _, State.ChunksFailed _ -> CHUNKS;
          };
      case RCPT ->
          switch (state) {
            case State.Mailing _ -> null;
            case State.Connected _, State.Idle _ -> MAIL_FIRST;
            case State.Chunking _, State.ChunksFailed _ -> CHUNKS;
          };
      case DATA ->
          switch (state) {
            case State.Mailing m -> needsRecipients(m);
            case State.Connected _, State.Idle _ -> MAIL_FIRST;
            case State.Chunking _, State.ChunksFailed _ -> CHUNKS;
          };
      case BDAT ->
          switch (state) {
            case State.Mailing m -> needsRecipients(m);
            case State.Chunking _ -> null;
            case State.Connected _, State.Idle _ -> MAIL_FIRST;
            case State.ChunksFailed _ -> CHUNKS;
          };
    };
  }

  /** RFC 5321 §3.3: 554 if there were recipients and all were refused. */
  private static @Nullable Reply needsRecipients(State.Mailing mailing) {
    if (!mailing.transaction().recipients().isEmpty()) {
      return null;
    }
    return mailing.transaction().refusedAny() ? NO_RECIPIENTS : RCPT_FIRST;
  }
}
