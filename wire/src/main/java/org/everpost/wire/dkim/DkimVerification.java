package org.everpost.wire.dkim;

import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.everpost.wire.dkim.DkimResult.Verdict;
import org.everpost.wire.mime.HeaderField;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signatures of a message that passes by once (RFC 6376 §6.1). After {@link #finish}
 * whoever can ask DNS looks for the keys.
 */
public final class DkimVerification {

  /** More signatures are not looked at; those that count are above the others. */
  static final int MAX_SIGNATURES = 8;

  /** RFC 6376 §6.1.1 leaves it to us how wrong clocks may be. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private final MessageSplit split = new MessageSplit();
  private final List<Candidate> candidates = new ArrayList<>();
  private @Nullable CanonicalHeader header;

  /** A signature of the message. */
  public static final class Candidate {
    private final byte[] field;
    private final @Nullable DkimSignature signature;
    private final String error;
    private final @Nullable BodyHash body;
    private byte[] input = {};
    private byte[] bodyHash = {};

    private Candidate(HeaderField field) {
      this.field = field.raw();
      DkimSignature parsed = null;
      String problem = "";
      try {
        parsed = DkimSignature.parse(field.value());
      } catch (DkimSyntaxException e) {
        problem = String.valueOf(e.getMessage());
      }
      signature = parsed;
      error = problem;
      body = parsed == null ? null : new BodyHash(parsed.body(), limit(parsed));
    }

    private static long limit(DkimSignature signature) {
      return signature.bodyLength() < 0 ? BodyHash.WHOLE : signature.bodyLength();
    }

    /** Null if it cannot be read: then it needs no key. */
    public @Nullable DkimSignature signature() {
      return signature;
    }
  }

  /** Takes the next octets of the message, CR LF at line ends. */
  public void feed(byte[] octets, int offset, int length) {
    int to = offset + length;
    int from = split.feed(octets, offset, to);
    if (split.inBody()) {
      readHeader();
    }
    if (from < to) {
      for (Candidate candidate : candidates) {
        if (candidate.body != null) {
          candidate.body.update(octets, from, to);
        }
      }
    }
  }

  private CanonicalHeader readHeader() {
    CanonicalHeader read = header;
    if (read == null) {
      read = new CanonicalHeader(split.tooLong() ? new byte[0] : split.header());
      header = read;
      read.all("dkim-signature").stream()
          .limit(MAX_SIGNATURES)
          .forEach(f -> candidates.add(new Candidate(f)));
    }
    return read;
  }

  /** Ends the message; returns its signatures, the topmost first. To be called once. */
  public List<Candidate> finish() {
    CanonicalHeader read = readHeader();
    for (Candidate candidate : candidates) {
      DkimSignature signature = candidate.signature;
      BodyHash body = candidate.body;
      if (signature != null && body != null) {
        candidate.bodyHash = body.digest();
        candidate.input =
            read.input(
                signature.fields(),
                signature.header(),
                CanonicalHeader.withoutSignature(candidate.field));
      }
    }
    return List.copyOf(candidates);
  }

  /**
   * The verdict on one signature.
   *
   * @param keyTexts the TXT records at {@link DkimSignature#keyName}, the strings of each joined
   */
  public static DkimResult verify(Candidate candidate, List<String> keyTexts, Instant now) {
    DkimSignature signature = candidate.signature;
    BodyHash body = candidate.body;
    if (signature == null || body == null) {
      return new DkimResult(Verdict.NEUTRAL, candidate.error, null, false);
    }
    boolean wholeBody = signature.bodyLength() < 0 || signature.bodyLength() == body.length();
    DkimResult expired = checkTime(signature, wholeBody, now);
    if (expired != null) {
      return expired;
    }
    if (signature.bodyLength() > body.length()) {
      return result(Verdict.FAIL, "the body is shorter than what was signed", signature, false);
    }
    if (!MessageDigest.isEqual(candidate.bodyHash, signature.bodyHash())) {
      return result(Verdict.FAIL, "the body was changed", signature, wholeBody);
    }
    // §3.6.2.2: there must be one record; what to do with several is undefined.
    if (keyTexts.size() != 1) {
      String reason = keyTexts.isEmpty() ? "there is no key" : "there are several keys";
      return result(Verdict.PERMERROR, reason, signature, wholeBody);
    }
    return checkKey(candidate, signature, keyTexts.getFirst(), wholeBody);
  }

  private static @Nullable DkimResult checkTime(
      DkimSignature signature, boolean wholeBody, Instant now) {
    long skew = CLOCK_SKEW.toSeconds();
    if (signature.expires() >= 0 && signature.expires() + skew < now.getEpochSecond()) {
      return result(Verdict.FAIL, "the signature has expired", signature, wholeBody);
    }
    if (signature.signedAt() > now.getEpochSecond() + skew) {
      return result(Verdict.FAIL, "the signature is from the future", signature, wholeBody);
    }
    return null;
  }

  private static DkimResult checkKey(
      Candidate candidate, DkimSignature signature, String keyText, boolean wholeBody) {
    DkimKeyRecord record;
    try {
      record = DkimKeyRecord.parse(keyText);
    } catch (DkimSyntaxException e) {
      return result(Verdict.PERMERROR, String.valueOf(e.getMessage()), signature, wholeBody);
    }
    PublicKey key = record.key();
    if (key == null) {
      return result(Verdict.PERMERROR, "the key was revoked", signature, wholeBody);
    }
    if (record.algorithm() != signature.algorithm()) {
      return result(Verdict.PERMERROR, "the key is for another algorithm", signature, wholeBody);
    }
    if (record.strict() && !signature.isIdentityOfDomain()) {
      return result(
          Verdict.PERMERROR, "the key is only for the domain itself", signature, wholeBody);
    }
    if (!signature.algorithm().verify(key, candidate.input, signature.signature())) {
      return result(Verdict.FAIL, "the header was changed", signature, wholeBody);
    }
    // §3.6.1: of a domain that tries, a signature is as good as none.
    return record.testing()
        ? result(Verdict.POLICY, "the domain only tests", signature, wholeBody)
        : result(Verdict.PASS, "", signature, wholeBody);
  }

  private static DkimResult result(
      Verdict verdict, String reason, DkimSignature signature, boolean wholeBody) {
    return new DkimResult(verdict, reason, signature, wholeBody);
  }
}
