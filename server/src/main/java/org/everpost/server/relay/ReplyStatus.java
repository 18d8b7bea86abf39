package org.everpost.server.relay;

import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.PeerReply;

/**
 * The status code of a reply (RFC 3463): the peer's own or, if it gave none, what its code says.
 */
final class ReplyStatus {

  private ReplyStatus() {}

  /** What the reply is to. */
  enum Stage {
    MAIL,
    RCPT,
    /** DATA, BDAT, and the end of the message. */
    DATA,
    OTHER
  }

  static EnhancedStatusCode of(PeerReply reply, Stage stage) {
    EnhancedStatusCode own = reply.enhanced();
    return own != null ? own : EnhancedStatusCode.of(derived(reply.code(), stage));
  }

  /** RFC 5321 §4.2.2 and §4.2.3 beside RFC 3463 §3. */
  private static String derived(int code, Stage stage) {
    return switch (code) {
      case 421 -> "4.3.2";
      case 432 -> "4.7.12"; // RFC 4954 §6
      case 450 -> stage == Stage.RCPT ? "4.2.0" : "4.0.0";
      case 451 -> "4.3.0";
      case 452 -> stage == Stage.RCPT ? "4.5.3" : "4.3.1";
      case 454 -> "4.7.0"; // RFC 3207 §4, RFC 4954 §6
      case 455 -> "4.5.4";
      case 500, 502, 503 -> "5.5.1";
      case 501, 504, 555 -> "5.5.4";
      case 521 -> "5.3.2"; // RFC 7504 §5
      case 523 -> "5.3.4";
      case 530, 538 -> "5.7.0";
      case 534 -> "5.7.9";
      case 535 -> "5.7.8";
      case 550 -> stage == Stage.RCPT ? "5.1.1" : "5.7.1";
      case 551 -> "5.1.6";
      case 552 -> stage == Stage.RCPT ? "5.2.2" : "5.3.4";
      case 556 -> "5.1.10"; // RFC 7504 §5
      case 553 -> stage == Stage.RCPT ? "5.1.3" : stage == Stage.MAIL ? "5.1.7" : "5.1.0";
      default -> code < 400 ? "2.0.0" : code < 500 ? "4.0.0" : "5.0.0";
    };
  }
}
