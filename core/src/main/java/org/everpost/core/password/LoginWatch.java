package org.everpost.core.password;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.everpost.core.directory.AccountId;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.LoginGrant;
import org.everpost.core.event.AuthEvent;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.store.StoreException;
import org.everpost.wire.address.DomainName;

/**
 * Ends the sessions of accounts that were disabled or deleted or got another password, whichever
 * node did that. Once a second the version of each domain somebody is logged in of is looked at;
 * only if it has changed, the accounts are.
 *
 * <p>{@link #run} is for one thread, which ends when it is interrupted; the rest is safe for any
 * number of threads.
 */
public final class LoginWatch implements Runnable {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Users have places in any case: who stole one password must not be able to take all of them. */
  static final int MOST_SESSIONS = 1_000;

  /** So many looks after a session was told to end, its connection is cut. */
  private static final int PATIENCE = 10;

  private final Directory directory;
  private final Clock clock;
  private final EventSink events;
  private final Map<ConnectionInfo, Login> logins = new ConcurrentHashMap<>();
  private final Map<AccountId, Integer> sessions = new ConcurrentHashMap<>();

  /** One login; all but the grant belongs to the thread that looks. */
  private static final class Login {
    private final LoginGrant grant;
    private long seen = -1;
    private boolean revoked;
    private int looks;

    Login(LoginGrant grant) {
      this.grant = grant;
    }
  }

  LoginWatch(Directory directory, Clock clock, EventSink events) {
    this.directory = directory;
    this.clock = clock;
    this.events = events;
  }

  /** Watches over a connection from now on, until it ends or somebody else logs in by it. */
  void loggedIn(ConnectionInfo connection, LoginGrant grant) {
    loggedOut(connection);
    logins.put(connection, new Login(grant));
    int _ = sessions.merge(grant.account().id(), 1, Integer::sum);
  }

  /** Nobody is logged in by this connection any more, though it may go on. */
  void loggedOut(ConnectionInfo connection) {
    Login login = logins.remove(connection);
    if (login != null) {
      sessions.computeIfPresent(
          login.grant.account().id(), (_, count) -> count > 1 ? (Integer) (count - 1) : null);
    }
  }

  /** Whether an account has all the sessions here that it may have. */
  boolean isFull(AccountId account) {
    return sessions.getOrDefault(account, 0) >= MOST_SESSIONS;
  }

  @Override
  public void run() {
    while (!Thread.currentThread().isInterrupted()) {
      look();
      try {
        clock.sleep(INTERVAL);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Looks once, and ends what holds no longer. */
  void look() {
    logins.keySet().stream().filter(connection -> !connection.isOpen()).forEach(this::loggedOut);
    Map<DomainName, List<Login>> domains = new HashMap<>();
    for (Login login : logins.values()) {
      domains
          .computeIfAbsent(login.grant.account().address().domain(), _ -> new ArrayList<>())
          .add(login);
    }
    domains.forEach((domain, all) -> {
      try {
        look(domain, all);
      } catch (StoreException | IllegalStateException e) {
        // Whoever uses the store hears of it; here it is looked at again soon.
      }
    });
    logins.forEach(this::end);
  }

  private void look(DomainName domain, List<Login> all) {
    // A login begun before a change may be told of after it: each is looked at once in any case.
    long version = directory.version(domain);
    List<Login> unsure = all.stream().filter(login -> login.seen != version).toList();
    if (unsure.isEmpty()) {
      return;
    }
    Set<LoginGrant> grants = new HashSet<>();
    unsure.forEach(login -> grants.add(login.grant));
    Set<LoginGrant> revoked = Set.copyOf(directory.revoked(domain, List.copyOf(grants)));
    for (Login login : unsure) {
      login.seen = version;
      login.revoked |= revoked.contains(login.grant);
    }
  }

  private void end(ConnectionInfo connection, Login login) {
    if (!login.revoked) {
      return;
    }
    if (login.looks == 0) {
      String account = login.grant.account().address().toString();
      events.accept(new AuthEvent.LoginRevoked(connection.id(), account));
      connection.revokeLogin();
    } else if (login.looks > PATIENCE) {
      connection.close();
    }
    login.looks++;
  }
}
