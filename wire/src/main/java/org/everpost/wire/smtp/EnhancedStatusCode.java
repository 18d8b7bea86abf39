package org.everpost.wire.smtp;

/**
 * An enhanced status code, {@code class.subject.detail} (RFC 3463 §2).
 *
 * @param severity 2 success, 4 persistent transient failure, 5 permanent failure
 */
public record EnhancedStatusCode(int severity, int subject, int detail) {

  public EnhancedStatusCode {
    if (severity != 2 && severity != 4 && severity != 5) {
      throw new IllegalArgumentException("the class is 2, 4 or 5");
    }
    if (subject < 0 || subject > 999 || detail < 0 || detail > 999) {
      throw new IllegalArgumentException("subject and detail have 1 to 3 digits");
    }
  }

  /** Parses the text form, for tables of constant replies. */
  public static EnhancedStatusCode of(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("'" + text + "' is not an enhanced status code");
    }
    return new EnhancedStatusCode(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  @Override
  public String toString() {
    return severity + "." + subject + "." + detail;
  }
}
