package org.everpost.server.smtp;

import java.time.Duration;

/**
 * What bounds an SMTP session. {@code messages} and {@code refusedRecipients} do not count for
 * 127.0.0.1 and ::1.
 *
 * @param messageSize octets of a message as the client sends it
 * @param recipients of one message (RFC 5321 §4.5.3.1.8 asks for 100 at least)
 * @param messages in one session
 * @param command how long the next command may take (RFC 5321 §4.5.3.2.7)
 * @param data how long nothing may come of a message that was begun (RFC 5321 §4.5.3.2.5)
 * @param message how long a message may take all in all, or a piece of it sent by BDAT
 * @param redelivery how long a message that some recipients have is tried for the others
 * @param session how long a session may take, messages under way not counted
 * @param errorsInARow commands refused one after the other
 * @param errors commands refused in all
 * @param refusedRecipients in all; guessing addresses is what this is against
 */
public record SmtpLimits(
    long messageSize,
    int recipients,
    int messages,
    Duration command,
    Duration data,
    Duration message,
    Duration redelivery,
    Duration session,
    int errorsInARow,
    int errors,
    int refusedRecipients) {

  /** What is used where nothing else is said. */
  public static final SmtpLimits DEFAULT =
      new SmtpLimits(
          50_000_000,
          1_000,
          1_000,
          Duration.ofMinutes(5),
          Duration.ofMinutes(3),
          Duration.ofHours(1),
          Duration.ofSeconds(30),
          Duration.ofHours(2),
          10,
          50,
          100);

  public SmtpLimits {
    if (messageSize < 1 || recipients < 1 || messages < 1 || errorsInARow < 1 || errors < 1) {
      throw new IllegalArgumentException("limits are positive");
    }
  }

  /** The same with another message size. */
  public SmtpLimits withMessageSize(long octets) {
    return new SmtpLimits(
        octets,
        recipients,
        messages,
        command,
        data,
        message,
        redelivery,
        session,
        errorsInARow,
        errors,
        refusedRecipients);
  }
}
