package org.everpost.wire.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import org.everpost.wire.address.DomainName;

/** Keys for tests, made once. */
final class Keys {

  static final DomainName DOMAIN = DomainName.of("example.test");
  static final KeyPair RSA = pair("RSA", 2048);
  static final KeyPair ED25519 = pair("Ed25519", 255);

  static final List<DkimKey> BOTH =
      List.of(
          new DkimKey(DOMAIN, DomainName.of("r1"), DkimAlgorithm.RSA_SHA256, RSA.getPrivate()),
          new DkimKey(
              DOMAIN, DomainName.of("e1"), DkimAlgorithm.ED25519_SHA256, ED25519.getPrivate()));

  private Keys() {}

  static KeyPair pair(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What DNS has for a name. */
  static List<String> texts(String name) {
    return switch (name) {
      case "r1._domainkey.example.test" ->
          List.of(DkimKeyRecord.render(DkimAlgorithm.RSA_SHA256, RSA.getPublic()));
      case "e1._domainkey.example.test" ->
          List.of(DkimKeyRecord.render(DkimAlgorithm.ED25519_SHA256, ED25519.getPublic()));
      default -> List.of();
    };
  }
}
