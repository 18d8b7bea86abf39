package org.everpost.wire.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The functions of RFC 5802 §2.2 with SHA-256. */
final class ScramKeys {

  /** The length of every hash and key. */
  static final int OCTETS = 32;

  private ScramKeys() {}

  /** {@code Hi(password, salt, i)}: PBKDF2 with HMAC-SHA-256, one block. */
  static byte[] saltedPassword(String password, byte[] salt, int iterations) {
    Mac mac = mac(password.getBytes(StandardCharsets.UTF_8));
    mac.update(salt);
    byte[] u = mac.doFinal(new byte[] {0, 0, 0, 1});
    byte[] result = u.clone();
    for (int i = 1; i < iterations; i++) {
      u = mac.doFinal(u);
      for (int k = 0; k < OCTETS; k++) {
        result[k] ^= u[k];
      }
    }
    return result;
  }

  static byte[] hmac(byte[] key, String text) {
    return hmac(key, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] hmac(byte[] key, byte[] text) {
    return mac(key).doFinal(text);
  }

  static byte[] hash(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** An empty password, which HMAC keys may not be in Java, is the same as one zero octet. */
  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
