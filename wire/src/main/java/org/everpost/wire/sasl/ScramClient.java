package org.everpost.wire.sasl;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The client's side of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677). */
public final class ScramClient {

  private static final String GS2_HEADER = "n,,";
  private static final String BINDING = "c=biws";
  private static final int NONCE_OCTETS = 18;
  private static final int MAX_SALT = 1024;

  private final String password;
  private final String firstBare;
  private final String nonce;
  private byte[] serverSignature = new byte[0];

  /**
   * @param password prepared by SASLprep (RFC 4013), if it is not ASCII
   */
  public ScramClient(String user, String password, RandomGenerator random) {
    this.password = Objects.requireNonNull(password, "password");
    byte[] octets = new byte[NONCE_OCTETS];
    random.nextBytes(octets);
    this.nonce = Base64.getEncoder().encodeToString(octets);
    this.firstBare = "n=" + user.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
  }

  /** {@code client-first-message}. */
  public String first() {
    return GS2_HEADER + firstBare;
  }

  /**
   * {@code client-final-message}. Slow on purpose.
   *
   * @param serverFirst what the server said to {@link #first}
   * @return null if that is not what a server may say: nothing about the password is told
   */
  public @Nullable String answer(String serverFirst) {
    String[] attributes = serverFirst.split(",", -1); // m= (an extension we must know) is no r=
    if (attributes.length < 3
        || !attributes[0].startsWith("r=" + nonce)
        || attributes[0].length() == 2 + nonce.length()
        || !attributes[1].startsWith("s=")
        || !attributes[2].startsWith("i=")) {
      return null;
    }
    byte[] salt = decoded(attributes[1].substring(2));
    int iterations = iterations(attributes[2].substring(2));
    if (salt == null || salt.length > MAX_SALT || iterations < 0) {
      return null;
    }
    byte[] salted = ScramKeys.saltedPassword(password, salt, iterations);
    String withoutProof = BINDING + "," + attributes[0];
    String authMessage = firstBare + "," + serverFirst + "," + withoutProof;
    byte[] clientKey = ScramKeys.hmac(salted, "Client Key");
    byte[] proof = ScramKeys.hmac(ScramKeys.hash(clientKey), authMessage);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    serverSignature = ScramKeys.hmac(ScramKeys.hmac(salted, "Server Key"), authMessage);
    return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
  }

  /** Whether the server's last message, {@code v=…}, shows that it knows the password. */
  public boolean isProven(String serverFinal) {
    byte[] signature = serverFinal.startsWith("v=") ? decoded(serverFinal.substring(2)) : null;
    return signature != null
        && serverSignature.length > 0
        && MessageDigest.isEqual(signature, serverSignature);
  }

  /** RFC 7677 §4: at least 4096; more than {@code MAX_ITERATIONS} would be an attack on us. */
  private static int iterations(String digits) {
    if (digits.isEmpty() || digits.length() > 7 || !digits.chars().allMatch(Character::isDigit)) {
      return -1;
    }
    int iterations = Integer.parseInt(digits);
    boolean fits =
        iterations >= ScramCredentials.MIN_ITERATIONS
            && iterations <= ScramCredentials.MAX_ITERATIONS;
    return fits ? iterations : -1;
  }

  private static byte @Nullable [] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
