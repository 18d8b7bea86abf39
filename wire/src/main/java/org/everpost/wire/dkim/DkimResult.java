package org.everpost.wire.dkim;

import org.jspecify.annotations.Nullable;

/**
 * What one signature came to.
 *
 * @param reason in words, for logs; without anything a stranger wrote
 * @param signature null if it could not be read
 * @param wholeBody whether nothing can have been added to the body: no {@code l=} that leaves some
 *     out
 */
public record DkimResult(
    Verdict verdict, String reason, @Nullable DkimSignature signature, boolean wholeBody) {

  /** RFC 8601 §2.7.1; {@code none} is no result, {@code temperror} is for who asks DNS to say. */
  public enum Verdict {
    PASS,
    /** It does not fit the message. */
    FAIL,
    /** It fits, but is not good enough. */
    POLICY,
    /** It cannot be read. */
    NEUTRAL,
    /** There is no key for it. */
    PERMERROR
  }

  public boolean passed() {
    return verdict == Verdict.PASS;
  }
}
