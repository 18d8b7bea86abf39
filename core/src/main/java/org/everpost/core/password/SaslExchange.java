package org.everpost.core.password;

import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import org.everpost.core.directory.AccountCredentials;
import org.everpost.core.time.RandomSource;
import org.everpost.wire.sasl.LoginServer;
import org.everpost.wire.sasl.PlainServer;
import org.everpost.wire.sasl.SaslMechanism;
import org.everpost.wire.sasl.SaslServer;
import org.everpost.wire.sasl.SaslStep;
import org.everpost.wire.sasl.ScramCredentials;
import org.everpost.wire.sasl.ScramServer;
import org.jspecify.annotations.Nullable;

/** One login by SASL, in lines of Base64. Belongs to the session's thread. */
public final class SaslExchange {

  /** The longest line of a client in characters, as in RFC 4954 §4. */
  public static final int MAX_LINE_CHARACTERS = 12_288;

  private final Authenticator authenticator;
  private final SaslMechanism mechanism;
  private final ConnectionInfo peer;
  private final SaslServer server;

  /** The name a SCRAM client said, once it did. */
  private String login = "";

  /** Whose credentials a SCRAM exchange goes by; null if the name has no account. */
  private @Nullable AccountCredentials found;

  /** Why the lookup of a SCRAM client's name ended the exchange, if it did. */
  private @Nullable AuthResult stopped;

  SaslExchange(
      Authenticator authenticator,
      RandomSource random,
      SaslMechanism mechanism,
      ConnectionInfo peer) {
    this.authenticator = authenticator;
    this.mechanism = mechanism;
    this.peer = peer;
    this.server =
        switch (mechanism) {
          case PLAIN -> new PlainServer();
          case LOGIN -> new LoginServer();
          case SCRAM_SHA_256, SCRAM_SHA_256_PLUS ->
              new ScramServer(
                  mechanism == SaslMechanism.SCRAM_SHA_256_PLUS,
                  SaslLogin.bindings(peer),
                  this::lookUp,
                  random);
        };
  }

  /**
   * @param initialResponse what the client sent with the command, {@code =} for an empty one (RFC
   *     4954 §4, RFC 4959 §3); null if it sent none
   */
  public LoginStep begin(@Nullable String initialResponse) {
    if (initialResponse == null) {
      return next(server.begin());
    }
    return initialResponse.equals("=") ? next(server.step(new byte[0])) : answer(initialResponse);
  }

  /** The line a client sends in answer to a challenge. */
  public LoginStep answer(String line) {
    if (line.equals("*")) {
      return new LoginStep.Cancelled();
    }
    if (line.length() > MAX_LINE_CHARACTERS) {
      return new LoginStep.Malformed();
    }
    byte[] message;
    try {
      message = Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException e) {
      return new LoginStep.Malformed();
    }
    return next(server.step(message));
  }

  private LoginStep next(SaslStep step) {
    String name = mechanism.registeredName();
    return switch (step) {
      case SaslStep.Challenge(byte[] octets) ->
          new LoginStep.Challenge(Base64.getEncoder().encodeToString(octets));
      case SaslStep.Password(String actAs, String user, String password) ->
          new LoginStep.Finished(
              mayActAs(actAs, user)
                  ? authenticator.authenticate(user, password, name, peer)
                  : refuseToActAs(user));
      case SaslStep.Proven(String actAs, String user) ->
          new LoginStep.Finished(
              mayActAs(actAs, user)
                  ? authenticator.scramSucceeded(
                      user, name, peer, Objects.requireNonNull(found, "found"))
                  : refuseToActAs(user));
      case SaslStep.Failed(String reason) ->
          new LoginStep.Finished(stopped != null ? stopped : refused(name, reason));
    };
  }

  private AuthResult refused(String name, String reason) {
    return found != null && found.password().scram() == null
        ? authenticator.scramImpossible(login, name, peer)
        : authenticator.refuse(login, name, peer, reason);
  }

  /** Nobody acts as somebody else here; saying one's own name is allowed (RFC 4422 §3.4.1). */
  private static boolean mayActAs(String actAs, String user) {
    return actAs.isEmpty() || actAs.toLowerCase(Locale.ROOT).equals(user.toLowerCase(Locale.ROOT));
  }

  private AuthResult refuseToActAs(String user) {
    return authenticator.refuse(
        user, mechanism.registeredName(), peer, "wants to act as somebody else");
  }

  private @Nullable ScramCredentials lookUp(String name) {
    login = name;
    return switch (authenticator.scramStart(name, mechanism.registeredName(), peer)) {
      case Authenticator.ScramStart.Go(ScramCredentials credentials, var account) -> {
        found = account;
        yield credentials;
      }
      case Authenticator.ScramStart.Stop(AuthResult result) -> {
        stopped = result;
        yield null;
      }
    };
  }
}
