package org.everpost.core.password;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.AccountCredentials;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.event.AuthEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.password.PasswordHashing.Whom;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Hints;
import org.everpost.store.StoreException;
import org.everpost.wire.sasl.ScramCredentials;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether somebody is who they say. Whoever fails cannot tell from the answer, nor from the
 * time it takes, whether the name, the password or both are wrong, or the account disabled.
 *
 * <p>A password that was right is hashed anew if its stored form is not as strong as new ones are,
 * and its SCRAM keys are made if there are none yet. Safe for any number of threads.
 */
public final class Authenticator {

  private static final int MAX_PASSWORD_OCTETS = 512;
  private static final int MAX_NAME_CHARACTERS = 320;

  /** A failure is told after a multiple of this, which hides what it was. */
  private static final Duration FAILURE_STEP = Duration.ofMillis(300);

  /** What the same wrong password counts when it comes again: a telephone that was not told. */
  private static final float AGAIN = 0.25f;

  private final Directory directory;
  private final PasswordHashing hashing;
  private final Clock clock;
  private final EventSink events;
  private final LoginThrottle throttle;
  private final LoginMemory memory;
  private final LoginWatch watch;

  public Authenticator(
      Directory directory,
      PasswordHashing hashing,
      Hints hints,
      Clock clock,
      RandomSource random,
      EventSink events) {
    this.directory = Objects.requireNonNull(directory, "directory");
    this.hashing = Objects.requireNonNull(hashing, "hashing");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.events = Objects.requireNonNull(events, "events");
    this.throttle = new LoginThrottle(hints, clock);
    this.memory = new LoginMemory(random, clock);
    this.watch = new LoginWatch(directory, clock, events);
  }

  /** See {@link SaslLogin#loggedOut}. */
  void loggedOut(ConnectionInfo connection) {
    watch.loggedOut(connection);
  }

  /** What ends the sessions of those who may no longer be logged in; to be run by a thread. */
  public LoginWatch watch() {
    return watch;
  }

  /**
   * Checks a password.
   *
   * @param login the name as the peer sent it
   * @param mechanism for the log: {@code PLAIN}, {@code USER} …
   */
  public AuthResult authenticate(
      String login, String password, String mechanism, ConnectionInfo peer) {
    return limited(login, mechanism, peer, attempt -> attempt.password(password));
  }

  /**
   * What the server side of SCRAM begins with: the credentials of an account, or, for a name that
   * has none, some that look like them and that no password matches.
   */
  sealed interface ScramStart {
    /**
     * @param found the account; null if the name has none
     */
    record Go(ScramCredentials credentials, @Nullable AccountCredentials found)
        implements ScramStart {}

    record Stop(AuthResult result) implements ScramStart {}
  }

  ScramStart scramStart(String login, String mechanism, ConnectionInfo peer) {
    try {
      Attempt attempt = new Attempt(login, mechanism, peer);
      Duration rest = throttle.begin(attempt.source, attempt.key);
      if (!rest.isZero()) {
        return new ScramStart.Stop(attempt.throttled(rest));
      }
      throttle.end(attempt.source);
      AccountCredentials found = attempt.credentials().orElse(null);
      ScramCredentials scram = found == null ? null : found.password().scram();
      return new ScramStart.Go(scram == null ? nobody(attempt.key) : scram, found);
    } catch (StoreException e) {
      return new ScramStart.Stop(new AuthResult.Unavailable());
    }
  }

  /** The proof of a SCRAM exchange that began with these credentials was right. */
  AuthResult scramSucceeded(
      String login, String mechanism, ConnectionInfo peer, AccountCredentials proven) {
    return limited(
        login,
        mechanism,
        peer,
        attempt -> {
          AccountCredentials found = attempt.credentials().orElse(null);
          return found == null || found.account().disabled()
              ? attempt.failed(found == null ? "no such account" : "account disabled", 1)
              : attempt.succeeded(proven);
        });
  }

  /**
   * An exchange of an account that has no SCRAM keys failed, as it had to. It is answered and
   * counted like every other failure; only the log says why. RFC 4954 §6 has a 432 for this, but it
   * would tell strangers, who have proven nothing, which accounts were imported and never used
   * since; so would a failure that does not count.
   */
  AuthResult scramImpossible(String login, String mechanism, ConnectionInfo peer) {
    return refuse(
        login,
        mechanism,
        peer,
        "imported and not used since, so it has no SCRAM keys: log in once with PLAIN or LOGIN, or"
            + " set auth.scram = false until all have");
  }

  /** Something about an exchange was wrong before a password could be checked, or its proof. */
  AuthResult refuse(String login, String mechanism, ConnectionInfo peer, String reason) {
    return limited(login, mechanism, peer, attempt -> attempt.failed(reason, 1));
  }

  /** Always the same for a name, but not to be foreseen (RFC 5802 §9 is silent; this is usual). */
  private ScramCredentials nobody(String key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(directory.secret(), "HmacSHA256"));
      byte[] salt = mac.doFinal(("scram salt " + key).getBytes(StandardCharsets.UTF_8));
      byte[] secret = mac.doFinal(("scram keys " + key).getBytes(StandardCharsets.UTF_8));
      return new ScramCredentials(
          Arrays.copyOf(salt, PasswordHashing.SCRAM_SALT_OCTETS),
          PasswordHashing.SCRAM_ITERATIONS,
          secret,
          secret);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** Lets an attempt be decided if it is not too early for it. */
  private AuthResult limited(
      String login, String mechanism, ConnectionInfo peer, Function<Attempt, AuthResult> decide) {
    try {
      Attempt attempt = new Attempt(login, mechanism, peer);
      Duration rest = throttle.begin(attempt.source, attempt.key);
      if (!rest.isZero()) {
        return attempt.throttled(rest);
      }
      try {
        return decide.apply(attempt);
      } finally {
        throttle.end(attempt.source);
      }
    } catch (StoreException | HashingBusyException e) {
      return new AuthResult.Unavailable();
    }
  }

  /** One attempt of one peer to log in under one name. */
  private final class Attempt {

    private final String login;
    private final String mechanism;
    private final ConnectionInfo peer;
    private final LoginSource source;
    private final @Nullable String name;

    /** The name as it is counted: the same for all spellings of one address. */
    private final String key;

    private final long startNanos;

    Attempt(String login, String mechanism, ConnectionInfo peer) {
      this.login = login;
      this.mechanism = mechanism;
      this.peer = peer;
      this.source = LoginSource.of(peer);
      this.startNanos = clock.nanoTime();
      peer.rests(); // the store, a thread that hashes, the moment to tell a failure: all take time
      this.name =
          login.length() > MAX_NAME_CHARACTERS ? null : PasswordText.name(login).orElse(null);
      this.key = name == null ? "" : directory.loginKey(name);
    }

    Optional<AccountCredentials> credentials() {
      return name == null ? Optional.empty() : directory.credentials(name);
    }

    AuthResult password(String password) {
      if (password.isEmpty()
          || password.getBytes(StandardCharsets.UTF_8).length > MAX_PASSWORD_OCTETS) {
        return failed("password empty or too long", 1);
      }
      AccountCredentials found = credentials().orElse(null);
      String hash = found == null ? "" : found.password().hash();
      LoginMemory.Seen seen =
          memory.of(found == null ? key : found.account().id().value(), hash, password);
      if (memory.wasWrong(seen)) {
        return failed("the same wrong password again", AGAIN);
      }
      boolean remembered = memory.wasRight(seen);
      Whom whom = throttle.knows(source, key) ? Whom.USER : Whom.STRANGER;
      boolean right =
          remembered
              || (found == null
                  ? hashing.verifyNothing(password, whom)
                  : hashing.verify(hash, password, whom));
      if (found != null && !right && hashing.needsRehash(hash)) {
        hashing.verifyNothing(
            password, whom); // a cheap old form must not answer sooner than nobody
      }
      if (found == null || !right) {
        memory.wrong(seen);
        return failed(found == null ? "no such account" : "wrong password", 1);
      }
      if (found.account().disabled()) {
        return failed("account disabled", 1);
      }
      if (!remembered) {
        memory.right(seen);
        improve(found, password);
      }
      return succeeded(found);
    }

    /** Stores a better form of a password that was right. If that cannot be done, next time. */
    private void improve(AccountCredentials found, String password) {
      StoredPassword stored = found.password();
      boolean weak = hashing.needsRehash(stored.hash());
      if (!weak && stored.scram() != null) {
        return;
      }
      try {
        StoredPassword better = hashing.store(password, weak ? null : stored.hash());
        directory.upgradePassword(found, better);
        memory.right(memory.of(found.account().id().value(), better.hash(), password));
      } catch (StoreException | HashingBusyException e) {
        // the login is good all the same
      }
    }

    AuthResult succeeded(AccountCredentials credentials) {
      Account account = credentials.account();
      if (!source.exempt() && watch.isFull(account.id())) {
        events.accept(
            new AuthEvent.LoginFailed(
                peer.id(), shown(), mechanism, address(), "too many sessions at once"));
        return new AuthResult.Unavailable();
      }
      watch.loggedIn(peer, credentials.grant());
      peer.loggedIn();
      throttle.succeeded(source, key);
      events.accept(
          new AuthEvent.LoginSucceeded(
              peer.id(), account.address().toString(), mechanism, address()));
      return new AuthResult.Success(account);
    }

    AuthResult failed(String reason, float weight) {
      throttle.failed(source, key, weight);
      if (weight >= 1) {
        peer.loginFailed();
      }
      events.accept(new AuthEvent.LoginFailed(peer.id(), shown(), mechanism, address(), reason));
      restUntilFailureIsTold();
      return new AuthResult.Failure();
    }

    AuthResult throttled(Duration rest) {
      events.accept(
          new AuthEvent.LoginFailed(peer.id(), shown(), mechanism, address(), "throttled"));
      return new AuthResult.Throttled(rest);
    }

    private void restUntilFailureIsTold() {
      long step = FAILURE_STEP.toNanos();
      long spent = Math.floorMod(clock.nanoTime() - startNanos, step);
      try {
        clock.sleep(Duration.ofNanos(step - spent));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private String address() {
      return peer.peer().getAddress() == null ? "?" : peer.peer().getAddress().getHostAddress();
    }

    /** The name for the log, which may be a password typed into the wrong field: only a part. */
    private String shown() {
      String printable = login.replaceAll("\\p{C}", "?");
      return printable.length() > 80 ? printable.substring(0, 80) + "…" : printable;
    }
  }
}
