package org.everpost.server.smtp;

import org.everpost.wire.smtp.Reply;
import org.everpost.wire.smtp.SmtpVerb;
import org.jspecify.annotations.Nullable;

/** The three protocols that share one language. */
enum Flavour {
  /** Mail from other servers to our users. */
  MX("ESMTP", 2_048),
  /** Mail from programs on our machines; a reply for each recipient (RFC 2033). */
  LMTP("LMTP", 2_048),
  /** Mail from our users (RFC 6409). Lines are longer for AUTH (RFC 4954 §4). */
  SUBMISSION("ESMTP", 12_288);

  private final String greeting;
  private final int maxLine;

  Flavour(String greeting, int maxLine) {
    this.greeting = greeting;
    this.maxLine = maxLine;
  }

  /** The word in the greeting. */
  String greeting() {
    return greeting;
  }

  /**
   * The longest command line: the 512 octets of RFC 5321 §4.5.3.1.4 and what the parameters of our
   * extensions add, with a margin.
   */
  int maxLine() {
    return maxLine;
  }

  /** The refusal if the command does not exist in this protocol; null if it does. */
  @Nullable Reply refusal(SmtpVerb verb) {
    return switch (verb) {
      case EHLO, HELO -> this == LMTP ? Replies.OTHER_PROTOCOL : null; // RFC 2033 §4.1
      case LHLO -> this == LMTP ? null : Replies.OTHER_PROTOCOL;
      case AUTH -> this == SUBMISSION ? null : Replies.NOT_IMPLEMENTED;
      default -> null;
    };
  }
}
