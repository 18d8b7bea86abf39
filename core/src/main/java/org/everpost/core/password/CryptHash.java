package org.everpost.core.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Crypt;
import org.apache.commons.codec.digest.Md5Crypt;

/**
 * The forms of crypt(3) made of digests and of DES: {@code $1$}, {@code $apr1$}, {@code $5$},
 * {@code $6$}, and thirteen characters without a mark.
 */
final class CryptHash implements HashForm {

  /** passlib's default is 656,000; about a second. */
  private static final int MAX_ROUNDS = 1_000_000;

  private static final Pattern DIGEST =
      Pattern.compile(
          "\\$(?:(?:1|apr1)\\$[./A-Za-z0-9]{1,8}\\$[./A-Za-z0-9]{22}"
              + "|5\\$(?:rounds=(\\d{1,9})\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]{43}"
              + "|6\\$(?:rounds=(\\d{1,9})\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]{86})");

  private static final Pattern DES = Pattern.compile("[./A-Za-z0-9]{13}");

  private final String hash;

  private CryptHash(String hash) {
    this.hash = hash;
  }

  static CryptHash parse(String text) throws UnusableHashException {
    Matcher m = DIGEST.matcher(text);
    if (m.matches()) {
      String rounds = m.group(1) == null ? m.group(2) : m.group(1);
      if (rounds != null && Integer.parseInt(rounds) > MAX_ROUNDS) {
        throw new UnusableHashException("this hash has more than 1000000 rounds");
      }
    } else if (!DES.matcher(text).matches()) {
      throw new UnusableHashException(
          text.startsWith("$")
              ? "not a complete hash of a kind of crypt(3) that is known here"
              : "this is no hash of a known form (is it a password?)");
    }
    return new CryptHash(text);
  }

  @Override
  public boolean matches(String password) {
    byte[] key = password.getBytes(StandardCharsets.UTF_8); // wiped by what computes
    String computed =
        hash.startsWith("$apr1$") ? Md5Crypt.apr1Crypt(key, hash) : Crypt.crypt(key, hash);
    return MessageDigest.isEqual(lastField(hash), lastField(computed));
  }

  /** Behind the last $: rounds that are not worth mentioning may be written or not. */
  private static byte[] lastField(String text) {
    return text.substring(text.lastIndexOf('$') + 1).getBytes(StandardCharsets.US_ASCII);
  }
}
