package org.everpost.core.directory;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;
import org.everpost.store.PartitionView.Row;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimAlgorithm;
import org.everpost.wire.dkim.DkimKey;
import org.jspecify.annotations.Nullable;

/**
 * A key that a domain signs with. Key: {@code 05}, selector. Value: a message. {@link #toString}
 * does not show the private key.
 *
 * @param publicKey SubjectPublicKeyInfo
 * @param privateKey PKCS #8; null once it signs no more: then nobody needs it, and nobody can take
 *     it
 * @param activated since when it signs; null: not yet
 * @param retired since when it signs no more; null: it is not so far
 * @param deleted whether only its selector is kept
 */
@SuppressWarnings("ArrayRecordComponent") // compared with nothing
record DkimKeyRow(
    DkimAlgorithm algorithm,
    byte[] publicKey,
    byte @Nullable [] privateKey,
    Instant created,
    @Nullable Instant activated,
    @Nullable Instant retired,
    boolean deleted) {

  static final KeyRange RANGE = KeyRange.prefix(new byte[] {5});

  private static final int RSA = 1;
  private static final int ED25519 = 2;

  DkimKeyRow {
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(publicKey, "publicKey");
    Objects.requireNonNull(created, "created");
  }

  static DkimKeyRow fresh(DkimAlgorithm algorithm, KeyPair pair, Instant now) {
    return new DkimKeyRow(
        algorithm,
        pair.getPublic().getEncoded(),
        pair.getPrivate().getEncoded(),
        now,
        null,
        null,
        false);
  }

  DkimKeyRow activated(Instant now) {
    return new DkimKeyRow(algorithm, publicKey, privateKey, created, now, null, false);
  }

  DkimKeyRow retired(Instant now) {
    return new DkimKeyRow(algorithm, publicKey, null, created, activated, now, false);
  }

  DkimKeyRow deleted(Instant now) {
    return new DkimKeyRow(algorithm, publicKey, null, created, activated, now, true);
  }

  static byte[] key(DomainName selector) {
    byte[] name = selector.ascii().getBytes(StandardCharsets.US_ASCII);
    byte[] key = new byte[name.length + 1];
    key[0] = 5;
    System.arraycopy(name, 0, key, 1, name.length);
    return key;
  }

  private static DomainName selector(byte[] key) {
    return new DomainName(
        new String(Arrays.copyOfRange(key, 1, key.length), StandardCharsets.US_ASCII));
  }

  /** What may be shown of a row. */
  static SigningKey read(DomainName domain, Row row) {
    DkimKeyRow its = decode(row.value());
    return new SigningKey(
        domain,
        selector(row.key()),
        its.algorithm,
        its.decodedPublicKey(),
        its.created,
        its.activated,
        its.retired);
  }

  /** What a row signs with; null if it does not sign now. */
  static @Nullable DkimKey signer(DomainName domain, Row row) {
    DkimKeyRow its = decode(row.value());
    if (its.activated == null || its.retired != null || its.privateKey == null) {
      return null;
    }
    try {
      return new DkimKey(
          domain,
          selector(row.key()),
          its.algorithm,
          its.factory().generatePrivate(new PKCS8EncodedKeySpec(its.privateKey)));
    } catch (GeneralSecurityException _) {
      throw damaged();
    }
  }

  private PublicKey decodedPublicKey() {
    try {
      return factory().generatePublic(new X509EncodedKeySpec(publicKey));
    } catch (GeneralSecurityException _) {
      throw damaged();
    }
  }

  private KeyFactory factory() throws GeneralSecurityException {
    return KeyFactory.getInstance(
        switch (algorithm) {
          case RSA_SHA256 -> "RSA";
          case ED25519_SHA256 -> "Ed25519";
        });
  }

  /** Without its cause, which may show a part of the key. */
  private static IllegalStateException damaged() {
    return new IllegalStateException("a stored DKIM key cannot be read");
  }

  byte[] encode() {
    return Proto.encode(this::writeTo);
  }

  private void writeTo(CodedOutputStream out) throws IOException {
    out.writeInt32(
        1,
        switch (algorithm) {
          case RSA_SHA256 -> RSA;
          case ED25519_SHA256 -> ED25519;
        });
    out.writeByteArray(2, publicKey);
    if (privateKey != null) {
      out.writeByteArray(3, privateKey);
    }
    out.writeInt64(4, created.getEpochSecond());
    if (activated != null) {
      out.writeInt64(5, activated.getEpochSecond());
    }
    if (retired != null) {
      out.writeInt64(6, retired.getEpochSecond());
    }
    if (deleted) {
      out.writeBool(7, true);
    }
  }

  static DkimKeyRow decode(byte[] value) {
    return Proto.decode(value, DkimKeyRow::readFrom);
  }

  private static DkimKeyRow readFrom(CodedInputStream in) throws IOException {
    int algorithm = 0;
    byte[] publicKey = {};
    byte[] privateKey = null;
    Instant created = Instant.EPOCH;
    Instant activated = null;
    Instant retired = null;
    boolean deleted = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> algorithm = in.readInt32();
        case 2 -> publicKey = in.readByteArray();
        case 3 -> privateKey = in.readByteArray();
        case 4 -> created = Instant.ofEpochSecond(in.readInt64());
        case 5 -> activated = Instant.ofEpochSecond(in.readInt64());
        case 6 -> retired = Instant.ofEpochSecond(in.readInt64());
        case 7 -> deleted = in.readBool();
        default -> in.skipField(tag);
      }
    }
    return new DkimKeyRow(
        switch (algorithm) {
          case RSA -> DkimAlgorithm.RSA_SHA256;
          case ED25519 -> DkimAlgorithm.ED25519_SHA256;
          default -> throw new IOException("a key for an unknown algorithm");
        },
        publicKey,
        privateKey,
        created,
        activated,
        retired,
        deleted);
  }

  @Override
  public String toString() {
    return "DkimKeyRow[" + algorithm + " of " + created + "]";
  }
}
