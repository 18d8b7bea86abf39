package org.everpost.core.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/** Argon2 (RFC 9106) in the string form of the reference implementation. */
final class Argon2Hash implements HashForm {

  // What new hashes cost: OWASP's choice where memory is scarce, about 25 ms.
  static final int MEMORY_KIB = 19 * 1024;
  static final int PASSES = 2;
  static final int SALT_OCTETS = 16;
  static final int HASH_OCTETS = 32;

  /** What a hash of others may cost at most. */
  private static final int MAX_MEMORY_KIB = 128 * 1024;

  private static final long MAX_KIB_PASSES = 1_024 * 1024;
  private static final int MAX_LANES = 16;

  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2(id|i|d)\\$(?:v=(\\d{1,2})\\$)?m=(\\d{1,9}),t=(\\d{1,6}),p=(\\d{1,3})"
              + "\\$([A-Za-z0-9+/]{10,88})\\$([A-Za-z0-9+/]{16,172})");

  private final int type;
  private final int version;
  private final int memoryKib;
  private final int passes;
  private final int lanes;
  private final byte[] salt;
  private final byte[] hash;

  private Argon2Hash(
      int type, int version, int memoryKib, int passes, int lanes, byte[] salt, byte[] hash) {
    this.type = type;
    this.version = version;
    this.memoryKib = memoryKib;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
    this.hash = hash;
  }

  static Argon2Hash parse(String text) throws UnusableHashException {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new UnusableHashException("not a complete Argon2 hash");
    }
    int type =
        switch (m.group(1)) {
          case "id" -> Argon2Parameters.ARGON2_id;
          case "i" -> Argon2Parameters.ARGON2_i;
          default -> Argon2Parameters.ARGON2_d;
        };
    int version = m.group(2) == null ? 0x10 : Integer.parseInt(m.group(2));
    int memory = Integer.parseInt(m.group(3));
    int passes = Integer.parseInt(m.group(4));
    int lanes = Integer.parseInt(m.group(5));
    if (version != 0x10 && version != 0x13) {
      throw new UnusableHashException("unknown version of Argon2");
    }
    if (lanes < 1 || lanes > MAX_LANES || passes < 1 || memory < 8 * lanes) {
      throw new UnusableHashException("Argon2 parameters out of range");
    }
    if (memory > MAX_MEMORY_KIB || (long) memory * passes > MAX_KIB_PASSES) {
      throw new UnusableHashException(
          "this Argon2 hash costs too much to verify (m at most 131072, m times t at most 1048576)");
    }
    try {
      Base64.Decoder decoder = Base64.getDecoder();
      return new Argon2Hash(
          type,
          version,
          memory,
          passes,
          lanes,
          decoder.decode(m.group(6)),
          decoder.decode(m.group(7)));
    } catch (IllegalArgumentException e) {
      throw new UnusableHashException("not a complete Argon2 hash");
    }
  }

  /** A new one, with the parameters of today. */
  static Argon2Hash of(String password, byte[] salt) {
    return dummy(salt, dummy(salt, new byte[HASH_OCTETS]).compute(password));
  }

  /** One that no known password matches, for the time it takes to find out. */
  static Argon2Hash dummy(byte[] salt, byte[] hash) {
    return new Argon2Hash(Argon2Parameters.ARGON2_id, 0x13, MEMORY_KIB, PASSES, 1, salt, hash);
  }

  /** Whether it is as strong as new ones are. */
  boolean isOfToday() {
    return type == Argon2Parameters.ARGON2_id
        && version == 0x13
        && memoryKib == MEMORY_KIB
        && passes == PASSES
        && lanes == 1
        && salt.length >= SALT_OCTETS
        && hash.length >= HASH_OCTETS;
  }

  int memoryKib() {
    return memoryKib;
  }

  @Override
  public boolean matches(String password) {
    return MessageDigest.isEqual(hash, compute(password));
  }

  private byte[] compute(String password) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(type)
            .withVersion(version)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt)
            .withBlockPool(memory())
            .build());
    byte[] computed = new byte[hash.length];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), computed);
    return computed;
  }

  /** What it works in: the memory of a hashing thread, where there is one and it suffices. */
  private @Nullable BlockPool memory() {
    return memoryKib <= MEMORY_KIB && Thread.currentThread() instanceof HashingThread thread
        ? thread.memory()
        : null;
  }

  @Override
  public String toString() {
    String name =
        switch (type) {
          case Argon2Parameters.ARGON2_id -> "argon2id";
          case Argon2Parameters.ARGON2_i -> "argon2i";
          default -> "argon2d";
        };
    Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
    return "$%s$v=%d$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            name,
            version,
            memoryKib,
            passes,
            lanes,
            encoder.encodeToString(salt),
            encoder.encodeToString(hash));
  }
}
