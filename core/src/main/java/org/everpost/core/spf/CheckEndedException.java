package org.everpost.core.spf;

/** An error, which ends a check wherever it is met (RFC 7208 §2.6.6, §2.6.7). */
final class CheckEndedException extends Exception {

  private final transient SpfResult.Verdict verdict;

  private CheckEndedException(SpfResult.Verdict verdict, String reason) {
    super(reason, null, false, false);
    this.verdict = verdict;
  }

  static CheckEndedException temporary(String reason) {
    return new CheckEndedException(SpfResult.Verdict.TEMPERROR, reason);
  }

  static CheckEndedException permanent(String reason) {
    return new CheckEndedException(SpfResult.Verdict.PERMERROR, reason);
  }

  SpfResult.Verdict verdict() {
    return verdict;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
