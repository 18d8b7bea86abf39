package org.everpost.wire.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677). The server's last message goes as a
 * challenge, which the client answers with an empty message (RFC 5802 §5), because our protocols
 * carry nothing with success.
 */
public final class ScramServer implements SaslServer {

  private static final int NONCE_OCTETS = 18;

  private final boolean plus;
  private final ChannelBindings bindings;
  private final Lookup lookup;
  private final Supplier<String> nonces;

  private State state = new State.Start();

  /** Finds credentials; for names nobody has, some that no password matches. */
  @FunctionalInterface
  public interface Lookup {

    /** Null ends the exchange: the caller knows why. */
    @Nullable ScramCredentials find(String login);
  }

  /**
   * @param plus whether the mechanism is the -PLUS one
   * @param bindings of the connection; if there are any, the -PLUS mechanism was offered
   */
  public ScramServer(
      boolean plus, ChannelBindings bindings, Lookup lookup, RandomGenerator random) {
    this(plus, bindings, lookup, () -> nonce(random));
    Objects.requireNonNull(random, "random");
  }

  ScramServer(boolean plus, ChannelBindings bindings, Lookup lookup, Supplier<String> nonces) {
    this.plus = plus;
    this.bindings = Objects.requireNonNull(bindings, "bindings");
    this.lookup = Objects.requireNonNull(lookup, "lookup");
    this.nonces = nonces;
  }

  private static String nonce(RandomGenerator random) {
    byte[] nonce = new byte[NONCE_OCTETS];
    random.nextBytes(nonce);
    return Base64.getEncoder().encodeToString(nonce);
  }

  private sealed interface State {
    record Start() implements State {}

    /** The client shall prove. */
    record Asked(ScramClientFirst first, String serverFirst, ScramCredentials credentials)
        implements State {}

    /** It did; it shall see that we know its password, too. */
    record Answered(ScramClientFirst first) implements State {}

    record Over() implements State {}
  }

  @Override
  public SaslStep begin() {
    return new SaslStep.Challenge(new byte[0]); // RFC 4422 §3.3: the client goes first
  }

  @Override
  public SaslStep step(byte[] message) {
    State before = state;
    state = new State.Over();
    String text = SaslText.decode(message);
    if (text == null) {
      return new SaslStep.Failed("message is too long or not UTF-8");
    }
    return switch (before) {
      case State.Start _ -> first(text);
      case State.Asked asked -> last(asked, text);
      case State.Answered answered ->
          text.isEmpty()
              ? new SaslStep.Proven(
                  answered.first().authorizationIdentity(), answered.first().login())
              : new SaslStep.Failed("something follows the last message");
      case State.Over _ -> new SaslStep.Failed("the exchange is over");
    };
  }

  private SaslStep first(String text) {
    ScramClientFirst first = ScramClientFirst.parse(text);
    if (first == null) {
      return new SaslStep.Failed("client-first-message is malformed");
    }
    String problem = bindingProblem(first);
    if (problem != null) {
      return new SaslStep.Failed(problem);
    }
    ScramCredentials credentials = lookup.find(first.login());
    if (credentials == null) {
      return new SaslStep.Failed("stopped");
    }
    String serverFirst =
        "r="
            + first.nonce()
            + nonces.get()
            + ",s="
            + Base64.getEncoder().encodeToString(credentials.salt())
            + ",i="
            + credentials.iterations();
    state = new State.Asked(first, serverFirst, credentials);
    return new SaslStep.Challenge(serverFirst.getBytes(StandardCharsets.US_ASCII));
  }

  /** RFC 5802 §6: which flags go with which mechanism. */
  private @Nullable String bindingProblem(ScramClientFirst first) {
    return switch (first.bindingFlag()) {
      case 'p' -> {
        if (!plus) {
          yield "channel binding without the -PLUS mechanism";
        }
        String type = first.bindingType();
        yield ChannelBindings.TYPES.contains(type) && bindings.of(type) != null
            ? null
            : "channel binding of a type we do not have";
      }
      case 'y' ->
          plus || bindings.any()
              ? "somebody hid from the client that we can bind the channel (downgrade)"
              : null;
      default -> plus ? "the -PLUS mechanism without channel binding" : null;
    };
  }

  private SaslStep last(State.Asked asked, String text) {
    ScramClientFirst first = asked.first();
    int proofAt = text.lastIndexOf(",p=");
    if (proofAt < 0) {
      return new SaslStep.Failed("client-final-message is malformed");
    }
    String withoutProof = text.substring(0, proofAt);
    String[] attributes = withoutProof.split(",", -1);
    byte[] proof = base64(text.substring(proofAt + 3));
    byte[] binding = attributes[0].startsWith("c=") ? base64(attributes[0].substring(2)) : null;
    if (attributes.length < 2 || proof == null || binding == null) {
      return new SaslStep.Failed("client-final-message is malformed");
    }
    if (!MessageDigest.isEqual(binding, expectedBinding(first))) {
      return new SaslStep.Failed("the channel is another than the client's");
    }
    String serverNonce = asked.serverFirst().substring(0, asked.serverFirst().indexOf(','));
    if (!attributes[1].equals(serverNonce)) {
      return new SaslStep.Failed("the nonce is another than ours");
    }
    String authMessage = first.bare() + "," + asked.serverFirst() + "," + withoutProof;
    if (!isProof(proof, asked.credentials(), authMessage)) {
      return new SaslStep.Failed("wrong password");
    }
    byte[] signature = ScramKeys.hmac(asked.credentials().serverKey(), authMessage);
    state = new State.Answered(first);
    return new SaslStep.Challenge(
        ("v=" + Base64.getEncoder().encodeToString(signature)).getBytes(StandardCharsets.US_ASCII));
  }

  private byte[] expectedBinding(ScramClientFirst first) {
    byte[] header = first.gs2Header().getBytes(StandardCharsets.UTF_8);
    byte[] channel = first.bindingFlag() == 'p' ? bindings.of(first.bindingType()) : null;
    if (channel == null) {
      return header;
    }
    byte[] both = Arrays.copyOf(header, header.length + channel.length);
    System.arraycopy(channel, 0, both, header.length, channel.length);
    return both;
  }

  /** RFC 5802 §3: H(ClientProof XOR HMAC(StoredKey, AuthMessage)) is StoredKey. */
  private static boolean isProof(byte[] proof, ScramCredentials credentials, String authMessage) {
    byte[] storedKey = credentials.storedKey();
    byte[] signature = ScramKeys.hmac(storedKey, authMessage);
    if (proof.length != signature.length) {
      return false;
    }
    byte[] clientKey = new byte[proof.length];
    for (int i = 0; i < proof.length; i++) {
      clientKey[i] = (byte) (proof[i] ^ signature[i]);
    }
    return MessageDigest.isEqual(ScramKeys.hash(clientKey), storedKey);
  }

  private static byte @Nullable [] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
