package org.everpost.core.password;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * PBKDF2 (RFC 8018 §5.2) with the HMAC of a SHA, in one of these forms:
 *
 * <ul>
 *   <li>Dovecot: <code>{PBKDF2}$1$salt$rounds$hex</code>, SHA-1, the salt as its characters
 *   <li>OpenLDAP and passlib: <code>{PBKDF2-SHA256}rounds$salt$hash</code>, also SHA1 and SHA512;
 *       <code>{PBKDF2}</code> is SHA-1
 *   <li>passlib: <code>$pbkdf2-sha256$rounds$salt$hash</code>, also sha512; <code>$pbkdf2$</code>
 *       is SHA-1
 *   <li>Django: <code>pbkdf2_sha256$rounds$salt$hash</code>, also sha1; the salt as its characters,
 *       the hash in Base64
 * </ul>
 */
final class Pbkdf2Hash implements HashForm {

  /** Django's default is above a million; about a second. */
  private static final int MAX_ROUNDS = 2_500_000;

  private static final int MAX_OCTETS = 64;

  private final String algorithm;
  private final int rounds;
  private final byte[] salt;
  private final byte[] hash;

  private Pbkdf2Hash(String algorithm, int rounds, byte[] salt, byte[] hash)
      throws UnusableHashException {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw new UnusableHashException("the rounds of this PBKDF2 hash are not within 1 to 2500000");
    }
    if (salt.length == 0
        || salt.length > MAX_OCTETS
        || hash.length < 16
        || hash.length > MAX_OCTETS) {
      throw new UnusableHashException("salt or hash of this PBKDF2 hash is too short or too long");
    }
    this.algorithm = algorithm;
    this.rounds = rounds;
    this.salt = salt;
    this.hash = hash;
  }

  /** With a scheme in braces. */
  static Pbkdf2Hash parseScheme(String scheme, String body) throws UnusableHashException {
    if (scheme.equals("PBKDF2") && body.startsWith("$1$")) {
      List<String> fields = fields(body.substring(3));
      return new Pbkdf2Hash(
          "SHA1", number(fields.get(1)), characters(fields.get(0)), hex(fields.get(2)));
    }
    return adapted(scheme.equals("PBKDF2") ? "SHA1" : scheme.substring(7), body);
  }

  /** Without one. */
  static Pbkdf2Hash parse(String text) throws UnusableHashException {
    int behindName = text.indexOf('$', 1);
    String name = behindName < 0 ? text : text.substring(0, behindName);
    String rest = behindName < 0 ? "" : text.substring(behindName + 1);
    return switch (name) {
      case "$pbkdf2" -> adapted("SHA1", rest);
      case "$pbkdf2-sha256" -> adapted("SHA256", rest);
      case "$pbkdf2-sha512" -> adapted("SHA512", rest);
      case "pbkdf2_sha1" -> django("SHA1", rest);
      case "pbkdf2_sha256" -> django("SHA256", rest);
      default -> throw new UnusableHashException("not a known form of PBKDF2");
    };
  }

  private static Pbkdf2Hash adapted(String algorithm, String body) throws UnusableHashException {
    List<String> fields = fields(body);
    return new Pbkdf2Hash(
        algorithm,
        number(fields.get(0)),
        base64(fields.get(1).replace('.', '+')),
        base64(fields.get(2).replace('.', '+')));
  }

  private static Pbkdf2Hash django(String algorithm, String body) throws UnusableHashException {
    List<String> fields = fields(body);
    return new Pbkdf2Hash(
        algorithm, number(fields.get(0)), characters(fields.get(1)), base64(fields.get(2)));
  }

  private static List<String> fields(String body) throws UnusableHashException {
    List<String> fields = List.of(body.split("\\$", -1));
    if (fields.size() != 3) {
      throw new UnusableHashException("not a complete PBKDF2 hash");
    }
    return fields;
  }

  private static int number(String text) throws UnusableHashException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new UnusableHashException("the rounds of this PBKDF2 hash are no number");
    }
  }

  private static byte[] characters(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] base64(String text) throws UnusableHashException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new UnusableHashException("salt or hash of this PBKDF2 hash is not Base64");
    }
  }

  private static byte[] hex(String text) throws UnusableHashException {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new UnusableHashException("this PBKDF2 hash is not hex");
    }
  }

  @Override
  public boolean matches(String password) {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, hash.length * 8);
    try {
      byte[] computed =
          SecretKeyFactory.getInstance("PBKDF2WithHmac" + algorithm)
              .generateSecret(spec)
              .getEncoded();
      return MessageDigest.isEqual(hash, computed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2 with " + algorithm, e);
    } finally {
      spec.clearPassword();
    }
  }
}
