package org.everpost.wire.dkim;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key as DNS has it (RFC 6376 §3.6.1).
 *
 * @param key null if it was revoked
 * @param testing {@code t=y}: the domain only tries
 * @param strict {@code t=s}: the identity must be of the domain itself
 */
public record DkimKeyRecord(
    DkimAlgorithm algorithm, @Nullable PublicKey key, boolean testing, boolean strict) {

  /** What stands before the key itself (RFC 8410 §4). */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /**
   * The algorithm of an RSA key (RFC 8017 appendix A.1), for those who publish only the numbers.
   */
  private static final byte[] RSA_ALGORITHM =
      HexFormat.of().parseHex("300d06092a864886f70d0101010500");

  private static final int ED25519_OCTETS = 32;
  private static final int TXT_STRING = 255;

  /** RFC 8301 §3.2: shorter ones prove nothing. Longer ones cost too much. */
  private static final int MIN_RSA_BITS = 1024;

  private static final int MAX_RSA_BITS = 4096;
  private static final int MAX_EXPONENT_BITS = 64;

  /** Parses the text of a TXT record, its strings joined. */
  public static DkimKeyRecord parse(String text) throws DkimSyntaxException {
    TagList tags = TagList.parse(text);
    String version = tags.value("v");
    if (version != null && !(version.equals("DKIM1") && "v".equals(tags.first()))) {
      throw new DkimSyntaxException("a key of another version");
    }
    if (!tags.words("h", "sha256").contains("sha256")) {
      throw new DkimSyntaxException("a key that is not for SHA-256");
    }
    List<String> services = tags.words("s", "*");
    if (!services.contains("*") && !services.contains("email")) {
      throw new DkimSyntaxException("a key that is not for e-mail");
    }
    String p = tags.value("p");
    if (p == null) {
      throw new DkimSyntaxException("the tag p= is missing");
    }
    String type = tags.words("k", "rsa").getFirst();
    DkimAlgorithm algorithm = DkimAlgorithm.of(type + "-sha256");
    if (algorithm == null) {
      throw new DkimSyntaxException("a key of an unknown type");
    }
    List<String> flags = tags.words("t", "");
    PublicKey key = p.isEmpty() ? null : key(algorithm, tags.base64("p"));
    return new DkimKeyRecord(algorithm, key, flags.contains("y"), flags.contains("s"));
  }

  private static PublicKey key(DkimAlgorithm algorithm, byte[] octets) throws DkimSyntaxException {
    try {
      return switch (algorithm) {
        case RSA_SHA256 -> rsaKey(octets);
        case ED25519_SHA256 -> ed25519Key(octets);
      };
    } catch (GeneralSecurityException e) {
      throw new DkimSyntaxException("not a key");
    }
  }

  private static PublicKey ed25519Key(byte[] octets)
      throws GeneralSecurityException, DkimSyntaxException {
    if (octets.length != ED25519_OCTETS) {
      throw new DkimSyntaxException("not a key");
    }
    byte[] encoded = new byte[ED25519_PREFIX.length + ED25519_OCTETS];
    System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
    System.arraycopy(octets, 0, encoded, ED25519_PREFIX.length, ED25519_OCTETS);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static PublicKey rsaKey(byte[] octets)
      throws GeneralSecurityException, DkimSyntaxException {
    if (octets.length > MAX_RSA_BITS / 8 + 64) {
      throw new DkimSyntaxException("a key of a size that is not trusted");
    }
    KeyFactory factory = KeyFactory.getInstance("RSA");
    RSAPublicKey key;
    try {
      key = (RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(octets));
    } catch (GeneralSecurityException e) {
      // RFC 6376 §3.6.1 says RSAPublicKey; what everybody publishes is SubjectPublicKeyInfo.
      key = (RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(subjectPublicKey(octets)));
    }
    int bits = key.getModulus().bitLength();
    if (bits < MIN_RSA_BITS
        || bits > MAX_RSA_BITS
        || key.getPublicExponent().bitLength() > MAX_EXPONENT_BITS) {
      throw new DkimSyntaxException("a key of a size that is not trusted");
    }
    return key;
  }

  private static byte[] subjectPublicKey(byte[] rsaPublicKey) {
    byte[] bits = new byte[rsaPublicKey.length + 1]; // none unused
    System.arraycopy(rsaPublicKey, 0, bits, 1, rsaPublicKey.length);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(RSA_ALGORITHM);
    content.writeBytes(der(0x03, bits));
    return der(0x30, content.toByteArray());
  }

  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 128) {
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  /** The text to publish for a key. */
  public static String render(DkimAlgorithm algorithm, PublicKey key) {
    byte[] encoded = key.getEncoded();
    byte[] p =
        switch (algorithm) {
          case RSA_SHA256 -> encoded;
          case ED25519_SHA256 ->
              Arrays.copyOfRange(encoded, encoded.length - ED25519_OCTETS, encoded.length);
        };
    return "v=DKIM1; k="
        + algorithm.keyType().toLowerCase(Locale.ROOT)
        + "; p="
        + Base64.getEncoder().encodeToString(p);
  }

  /** A text as the strings of a TXT record (RFC 6376 §3.6.2.2). */
  public static List<String> strings(String text) {
    List<String> strings = new ArrayList<>();
    for (int at = 0; at < text.length(); at += TXT_STRING) {
      strings.add(text.substring(at, Math.min(text.length(), at + TXT_STRING)));
    }
    return strings;
  }
}
