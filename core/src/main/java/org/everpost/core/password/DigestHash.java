package org.everpost.core.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * One digest of the password, perhaps followed by a salt, as LDAP servers and Dovecot write it:
 * {@code {SHA}}, {@code {SSHA}}, {@code {SSHA256}}, {@code {SSHA512}}, {@code {PLAIN-MD5}} …
 */
final class DigestHash implements HashForm {

  private final String algorithm;
  private final byte[] digest;
  private final byte[] salt;

  private DigestHash(String algorithm, byte[] digest, byte[] salt) {
    this.algorithm = algorithm;
    this.digest = digest;
    this.salt = salt;
  }

  /**
   * @param scheme in upper case, perhaps with Dovecot's {@code .HEX} or {@code .B64} behind it
   */
  static DigestHash parse(String scheme, String body) throws UnusableHashException {
    int dot = scheme.indexOf('.');
    String name = dot < 0 ? scheme : scheme.substring(0, dot);
    String encoding = dot < 0 ? "" : scheme.substring(dot + 1);
    return switch (name) {
      case "MD5", "PLAIN-MD5", "LDAP-MD5" -> unsalted("MD5", 16, body, encoding);
      case "SHA", "SHA1" -> unsalted("SHA-1", 20, body, encoding);
      case "SHA256" -> unsalted("SHA-256", 32, body, encoding);
      case "SHA512" -> unsalted("SHA-512", 64, body, encoding);
      case "SMD5" -> salted("MD5", 16, body, encoding);
      case "SSHA", "SSHA1" -> salted("SHA-1", 20, body, encoding);
      case "SSHA256" -> salted("SHA-256", 32, body, encoding);
      case "SSHA512" -> salted("SHA-512", 64, body, encoding);
      default ->
          throw new UnusableHashException("hash scheme {" + shortened(name) + "} is unknown");
    };
  }

  private static String shortened(String name) {
    return name.length() > 20 ? name.substring(0, 20) + "…" : name;
  }

  private static DigestHash unsalted(String algorithm, int octets, String body, String encoding)
      throws UnusableHashException {
    // Without a mark the length tells: Dovecot writes {PLAIN-MD5} in hex and {SHA} in Base64.
    String sure = encoding.isEmpty() && body.length() == 2 * octets ? "HEX" : encoding;
    byte[] digest = decode(body, sure);
    if (digest.length != octets) {
      throw new UnusableHashException("the hash is not as long as its scheme demands");
    }
    return new DigestHash(algorithm, digest, new byte[0]);
  }

  private static DigestHash salted(String algorithm, int octets, String body, String encoding)
      throws UnusableHashException {
    byte[] all = decode(body, encoding);
    if (all.length <= octets || all.length > octets + 64) {
      throw new UnusableHashException("the hash is not as long as its scheme demands");
    }
    return new DigestHash(
        algorithm, Arrays.copyOf(all, octets), Arrays.copyOfRange(all, octets, all.length));
  }

  private static byte[] decode(String body, String encoding) throws UnusableHashException {
    try {
      return switch (encoding) {
        case "HEX" -> HexFormat.of().parseHex(body);
        case "", "B64", "BASE64" -> Base64.getDecoder().decode(body);
        default -> throw new UnusableHashException("the encoding of the hash is unknown");
      };
    } catch (IllegalArgumentException e) {
      throw new UnusableHashException("the hash is neither hex nor Base64 as its scheme demands");
    }
  }

  @Override
  public boolean matches(String password) {
    try {
      MessageDigest computer = MessageDigest.getInstance(algorithm);
      computer.update(password.getBytes(StandardCharsets.UTF_8));
      return MessageDigest.isEqual(digest, computer.digest(salt));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
