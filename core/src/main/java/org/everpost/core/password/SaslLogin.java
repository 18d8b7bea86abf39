package org.everpost.core.password;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.everpost.core.time.RandomSource;
import org.everpost.wire.sasl.ChannelBindings;
import org.everpost.wire.sasl.SaslMechanism;

/** Logging in by SASL, the same for SMTP, IMAP and POP3. Safe for any number of threads. */
public final class SaslLogin {

  private final Authenticator authenticator;
  private final RandomSource random;
  private final boolean scram;

  /**
   * @param scram whether SCRAM is offered
   */
  public SaslLogin(Authenticator authenticator, RandomSource random, boolean scram) {
    this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
    this.random = Objects.requireNonNull(random, "random");
    this.scram = scram;
  }

  /**
   * What to offer on a connection as it is now: passwords in plain text only under TLS or from this
   * machine, channel binding only where there is a channel.
   */
  public List<SaslMechanism> mechanisms(ConnectionInfo connection) {
    return Arrays.stream(SaslMechanism.values()).filter(m -> isOffered(m, connection)).toList();
  }

  /** Whether passwords may be sent in plain text on this connection. */
  public boolean plaintextAllowed(ConnectionInfo connection) {
    return connection.isTls() || connection.isLoopback();
  }

  /** Begins an exchange; nothing if there is no such mechanism or it is not offered here. */
  public Optional<SaslExchange> start(String mechanism, ConnectionInfo connection) {
    return SaslMechanism.of(mechanism)
        .filter(known -> isOffered(known, connection))
        .map(known -> new SaslExchange(authenticator, random, known, connection));
  }

  /** Nobody is logged in by a connection any more, though it goes on (RFC 8437, RFC 3207 §4.2). */
  public void loggedOut(ConnectionInfo connection) {
    authenticator.loggedOut(connection);
  }

  private boolean isOffered(SaslMechanism mechanism, ConnectionInfo connection) {
    return switch (mechanism) {
      case PLAIN, LOGIN -> plaintextAllowed(connection);
      case SCRAM_SHA_256 -> scram;
      case SCRAM_SHA_256_PLUS -> scram && bindings(connection).any();
    };
  }

  static ChannelBindings bindings(ConnectionInfo connection) {
    return connection.isTls() ? connection::channelBinding : ChannelBindings.NONE;
  }
}
