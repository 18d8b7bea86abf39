package org.everpost.core.password;

import java.util.Locale;
import org.everpost.core.directory.StoredPassword;

/**
 * A stored form of a password, understood: its parameters are within our bounds, so verifying costs
 * a bounded time and amount of memory.
 */
sealed interface HashForm permits Argon2Hash, BcryptHash, CryptHash, DigestHash, Pbkdf2Hash {

  /** Whether it was made of this password. Compares in constant time. */
  boolean matches(String password);

  /**
   * @param hash as crypt(3), Dovecot, LDAP, passlib or Django write them
   */
  static HashForm parse(String hash) throws UnusableHashException {
    if (hash.length() > StoredPassword.MAX_HASH_CHARACTERS) {
      throw new UnusableHashException("the hash is longer than 512 characters");
    }
    if (!hash.chars().allMatch(c -> c > 32 && c < 127)) {
      throw new UnusableHashException("the hash has characters that are not printable ASCII");
    }
    return hash.startsWith("{") ? parseScheme(hash) : parseCrypt(hash);
  }

  private static HashForm parseScheme(String hash) throws UnusableHashException {
    int end = hash.indexOf('}');
    if (end < 0) {
      throw new UnusableHashException("the { of the hash's scheme is not closed");
    }
    String scheme = hash.substring(1, end).toUpperCase(Locale.ROOT);
    String body = hash.substring(end + 1);
    return switch (scheme) {
      case "CRYPT",
          "DES-CRYPT",
          "MD5-CRYPT",
          "SHA256-CRYPT",
          "SHA512-CRYPT",
          "BLF-CRYPT",
          "BCRYPT",
          "ARGON2",
          "ARGON2I",
          "ARGON2ID" ->
          parseCrypt(body);
      case "MD5" -> // Dovecot's old name of $1$; in LDAP the digest itself
          body.startsWith("$1$") ? parseCrypt(body) : DigestHash.parse(scheme, body);
      case "PBKDF2", "PBKDF2-SHA1", "PBKDF2-SHA256", "PBKDF2-SHA512" ->
          Pbkdf2Hash.parseScheme(scheme, body);
      case "PLAIN", "CLEAR", "CLEARTEXT" ->
          throw new UnusableHashException("passwords in plain text are not stored; hash it first");
      default -> DigestHash.parse(scheme, body);
    };
  }

  private static HashForm parseCrypt(String hash) throws UnusableHashException {
    if (hash.startsWith("$argon2")) {
      return Argon2Hash.parse(hash);
    }
    if (hash.startsWith("$2")) {
      return BcryptHash.parse(hash);
    }
    if (hash.startsWith("$pbkdf2") || hash.startsWith("pbkdf2_")) {
      return Pbkdf2Hash.parse(hash);
    }
    if (hash.startsWith("$y$") || hash.startsWith("$gy$") || hash.startsWith("$7$")) {
      throw new UnusableHashException(
          "yescrypt and scrypt hashes cannot be verified here; set a new password");
    }
    return CryptHash.parse(hash);
  }
}
