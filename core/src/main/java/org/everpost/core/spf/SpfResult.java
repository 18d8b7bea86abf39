package org.everpost.core.spf;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of a check.
 *
 * @param domain whose record was asked, as far as it is a name
 * @param reason which part of which record decided, or what is wrong, for people: a few words
 * @param explanation what the domain tells those it does not let send (RFC 7208 §6.2), in its
 *     words: whoever quotes it says whose they are (§11.5); of {@link Verdict#FAIL} only, and
 *     mostly null
 */
public record SpfResult(
    Verdict verdict, String domain, String reason, @Nullable String explanation) {

  public SpfResult {
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(reason, "reason");
  }

  /** RFC 7208 §2.6. */
  public enum Verdict {
    /** There is no domain, or it has no record. */
    NONE,
    /** The domain does not say. */
    NEUTRAL,
    /** The domain lets the address send. */
    PASS,
    /** It does not. */
    FAIL,
    /** It does probably not. */
    SOFTFAIL,
    /** Nobody knows just now. */
    TEMPERROR,
    /** What the domain says cannot be understood, or costs too much. */
    PERMERROR;

    /** As the RFC writes it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public boolean isPass() {
    return verdict == Verdict.PASS;
  }

  /** For people. */
  @Override
  public String toString() {
    return verdict + ": " + reason;
  }
}
