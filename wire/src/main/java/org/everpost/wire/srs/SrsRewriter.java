package org.everpost.wire.srs;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * Makes addresses of ours out of those of others, and knows its own again.
 *
 * <pre>
 * a@origin.test                    → SRS0=hash=day=origin.test=a@us.test
 * SRS0=h=d=origin.test=a@hop.test  → SRS1=hash=hop.test==h=d=origin.test=a@us.test
 * SRS1=h=hop.test==…@other.test    → SRS1=hash=hop.test==…@us.test
 * </pre>
 */
public final class SrsRewriter {

  /** 30 bits: enough for what can only be tried by sending mail. */
  private static final int HASH_LENGTH = 6;

  private static final int DAY_LENGTH = 2;
  private static final int DAYS = 1024;
  private static final int MIN_KEY = 16;
  private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

  private final List<byte[]> keys;
  private final int maxAgeDays;

  /**
   * @param keys the first makes addresses, each of them is accepted
   * @param maxAgeDays how long an address can be answered
   */
  public SrsRewriter(List<byte[]> keys, int maxAgeDays) {
    this.keys = keys.stream().map(byte[]::clone).toList();
    this.maxAgeDays = maxAgeDays;
    if (keys.isEmpty() || keys.stream().anyMatch(k -> k.length < MIN_KEY)) {
      throw new IllegalArgumentException("a key has 16 octets or more");
    }
    if (maxAgeDays < 1 || maxAgeDays > DAYS / 2) {
      throw new IllegalArgumentException("an age of 1 to 512 days");
    }
  }

  /** What an address of ours stands for. */
  public sealed interface Reversed {

    /** Whom a message to it is for. */
    record Original(EmailAddress address) implements Reversed {}

    /** It does not look like one that was rewritten. */
    record NotRewritten() implements Reversed {}

    /** Not by us, or not any more: to be refused. */
    record Invalid(String reason) implements Reversed {}
  }

  /**
   * An address at {@code us} that comes back to {@code sender}; null if there is none, because it
   * would be too long, or its letters would change.
   */
  public @Nullable EmailAddress rewrite(EmailAddress sender, DomainName us, Instant now) {
    String local = sender.localPart();
    String rewritten;
    if (isTagged(local, "SRS1") && hopOf(local) != null) {
      rewritten = tagged("SRS1=", afterHash(local));
    } else if (isTagged(local, "SRS0")) {
      rewritten = tagged("SRS1=", sender.domain() + "=" + local.substring(4));
    } else {
      rewritten = tagged("SRS0=", day(now) + "=" + sender.domain() + "=" + local);
    }
    try {
      EmailAddress address = new EmailAddress(rewritten, us);
      // A sign at the beginning of the local part may have joined the separator before it.
      return address.localPart().equals(rewritten) ? address : null;
    } catch (IllegalArgumentException e) {
      return null; // RFC 5321 §4.5.3.1.1: 64 octets
    }
  }

  private String tagged(String tag, String rest) {
    return tag + hash(keys.getFirst(), tag, rest) + "=" + rest;
  }

  /** What a recipient of ours stands for. */
  public Reversed reverse(EmailAddress recipient, Instant now) {
    String local = recipient.localPart();
    boolean first = isTagged(local, "SRS0");
    if (!isTagged(recipient)) {
      return new Reversed.NotRewritten();
    }
    String rest = afterHash(local);
    if (!isGenuine(local, first ? "SRS0=" : "SRS1=", rest)) {
      return new Reversed.Invalid("not an address of ours");
    }
    try {
      return first ? origin(rest, now) : hop(rest);
    } catch (IllegalArgumentException e) {
      return new Reversed.Invalid("not an address of ours");
    }
  }

  private Reversed origin(String rest, Instant now) {
    int domainStart = DAY_LENGTH + 1;
    int localStart = rest.indexOf('=', domainStart) + 1;
    if (!isFresh(rest, now)) {
      return new Reversed.Invalid("an address that has expired");
    }
    DomainName domain = DomainName.of(rest.substring(domainStart, localStart - 1));
    return new Reversed.Original(new EmailAddress(rest.substring(localStart), domain));
  }

  private static Reversed hop(String rest) {
    int equals = rest.indexOf('=');
    DomainName domain = DomainName.of(rest.substring(0, equals));
    return new Reversed.Original(new EmailAddress("SRS0" + rest.substring(equals + 1), domain));
  }

  /** The domain that an SRS1 address goes back to; null if it is none. */
  private static @Nullable DomainName hopOf(String local) {
    String rest = afterHash(local);
    try {
      return DomainName.of(rest.substring(0, Math.max(0, rest.indexOf('='))));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Whether an address looks as if somebody had rewritten it. */
  public static boolean isTagged(EmailAddress address) {
    return isTagged(address.localPart(), "SRS0") || isTagged(address.localPart(), "SRS1");
  }

  /** In any case, and with the separators that some use (the scheme allows = + and -). */
  private static boolean isTagged(String local, String tag) {
    return local.length() > 5
        && local.regionMatches(true, 0, tag, 0, 4)
        && "=+-".indexOf(local.charAt(4)) >= 0;
  }

  /** Everything behind the hash; empty if there is no such thing. */
  private static String afterHash(String local) {
    int equals = local.indexOf('=', 5);
    return equals < 0 ? "" : local.substring(equals + 1);
  }

  private boolean isGenuine(String local, String tag, String rest) {
    if (rest.isEmpty() || local.length() - rest.length() != 5 + HASH_LENGTH + 1) {
      return false;
    }
    byte[] given = bytes(local.substring(5, 5 + HASH_LENGTH).toLowerCase(Locale.ROOT));
    boolean genuine = false;
    for (byte[] key : keys) {
      genuine |= MessageDigest.isEqual(given, bytes(hash(key, tag, rest)));
    }
    return genuine;
  }

  private boolean isFresh(String rest, Instant now) {
    int high = BASE32.indexOf(Character.toLowerCase(rest.charAt(0)));
    int low = BASE32.indexOf(Character.toLowerCase(rest.charAt(1)));
    long age = Math.floorMod(now.getEpochSecond() / 86_400 - (high * 32L + low), DAYS);
    // The clock of another of our machines may already be in the next day.
    return high >= 0 && low >= 0 && (age <= maxAgeDays || age == DAYS - 1);
  }

  private static String day(Instant now) {
    int day = Math.floorMod(now.truncatedTo(ChronoUnit.DAYS).getEpochSecond() / 86_400, DAYS);
    return "" + BASE32.charAt(day / 32) + BASE32.charAt(day % 32);
  }

  /** Of the rest in lower case: what servers do to a local part must not matter. */
  private static String hash(byte[] key, String tag, String rest) {
    byte[] mac;
    try {
      Mac hmac = Mac.getInstance("HmacSHA256");
      hmac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac = hmac.doFinal(bytes(tag + rest.toLowerCase(Locale.ROOT)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC", e);
    }
    StringBuilder hash = new StringBuilder(HASH_LENGTH);
    for (int i = 0; i < HASH_LENGTH; i++) {
      hash.append(BASE32.charAt(mac[i] & 31));
    }
    return hash.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
