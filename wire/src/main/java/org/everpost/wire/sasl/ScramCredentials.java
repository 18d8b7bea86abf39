package org.everpost.wire.sasl;

import java.util.Arrays;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 §3): enough to check a proof, too
 * little to make one.
 */
public final class ScramCredentials {

  /** The fewest iterations allowed (RFC 7677 §4). */
  public static final int MIN_ITERATIONS = 4096;

  /** The most: a client has to do them, too. */
  public static final int MAX_ITERATIONS = 1_000_000;

  private final byte[] salt;
  private final int iterations;
  private final byte[] storedKey;
  private final byte[] serverKey;

  /**
   * @param salt 8 to 64 octets
   * @param storedKey 32 octets
   * @param serverKey 32 octets
   */
  public ScramCredentials(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    if (salt.length < 8 || salt.length > 64) {
      throw new IllegalArgumentException("a SCRAM salt has 8 to 64 octets, not " + salt.length);
    }
    if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
      throw new IllegalArgumentException("SCRAM iterations out of range: " + iterations);
    }
    if (storedKey.length != ScramKeys.OCTETS || serverKey.length != ScramKeys.OCTETS) {
      throw new IllegalArgumentException("SCRAM-SHA-256 keys have 32 octets");
    }
    this.salt = salt.clone();
    this.iterations = iterations;
    this.storedKey = storedKey.clone();
    this.serverKey = serverKey.clone();
  }

  /**
   * Made of a password. Slow on purpose.
   *
   * @param password prepared by SASLprep (RFC 4013)
   */
  public static ScramCredentials derive(String password, byte[] salt, int iterations) {
    byte[] salted = ScramKeys.saltedPassword(password, salt, iterations);
    byte[] storedKey = ScramKeys.hash(ScramKeys.hmac(salted, "Client Key"));
    return new ScramCredentials(salt, iterations, storedKey, ScramKeys.hmac(salted, "Server Key"));
  }

  public byte[] salt() {
    return salt.clone();
  }

  public int iterations() {
    return iterations;
  }

  public byte[] storedKey() {
    return storedKey.clone();
  }

  public byte[] serverKey() {
    return serverKey.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScramCredentials that
        && iterations == that.iterations
        && Arrays.equals(salt, that.salt)
        && Arrays.equals(storedKey, that.storedKey)
        && Arrays.equals(serverKey, that.serverKey);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(storedKey);
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "SCRAM-SHA-256 of " + iterations + " iterations";
  }
}
