package org.everpost.wire.dkim;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import org.jspecify.annotations.Nullable;

/** How a header is signed; the hash is always SHA-256 (RFC 8301 §3.1). */
public enum DkimAlgorithm {
  /** RFC 6376 §3.3.2. */
  RSA_SHA256("rsa", "SHA256withRSA"),
  /** RFC 8463 §3: Ed25519 of the hash. */
  ED25519_SHA256("ed25519", "Ed25519");

  private final String keyType;
  private final String signature;

  DkimAlgorithm(String keyType, String signature) {
    this.keyType = keyType;
    this.signature = signature;
  }

  /** As in {@code a=}. */
  public String tag() {
    return keyType + "-sha256";
  }

  /** As in {@code k=} of a key record. */
  public String keyType() {
    return keyType;
  }

  static @Nullable DkimAlgorithm of(String tag) {
    for (DkimAlgorithm algorithm : values()) {
      if (algorithm.tag().equals(tag)) {
        return algorithm;
      }
    }
    return null;
  }

  byte[] sign(PrivateKey key, byte[] header) {
    try {
      Signature signer = Signature.getInstance(signature);
      signer.initSign(key);
      signer.update(input(header));
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a DKIM key does not sign", e);
    }
  }

  boolean verify(PublicKey key, byte[] header, byte[] signed) {
    try {
      Signature verifier = Signature.getInstance(signature);
      verifier.initVerify(key);
      verifier.update(input(header));
      return verifier.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // of another length, or not a signature at all
    }
  }

  private byte[] input(byte[] header) {
    return this == ED25519_SHA256 ? sha256().digest(header) : header;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
