package org.everpost.core.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.LoginGrant;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.event.AuthEvent;
import org.everpost.core.event.EventSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginWatchTest {

  private final LoginFixture f = new LoginFixture();
  private final LoginWatch watch = f.authenticator.watch();

  @AfterEach
  void close() {
    f.close();
  }

  private Session login(String name) {
    Session session = new Session();
    assertThat(f.authenticator.authenticate(name, LoginFixture.PASSWORD, "PLAIN", session))
        .isInstanceOf(AuthResult.Success.class);
    return session;
  }

  @Test
  void whatLeavesTheLoginAsItIsEndsNothing() {
    Session session = login("bob"); // whose hash is renewed by that
    watch.look();
    f.directory.setQuota(f.bob, new Quota(1_000, 0));
    f.directory.setDisabled(f.alice, true);
    watch.look();
    login("bob");
    watch.look();
    assertThat(session.revoked).isZero();
    assertThat(f.events).noneMatch(AuthEvent.LoginRevoked.class::isInstance);
  }

  @Test
  void whatAnotherNodeChangesIsSeen() {
    Directory other = new Directory(f.store.ledger(), true, f.clock, f.random, EventSink.NONE);
    Session session = login("bob");
    Session second = login("bob");
    Session alice = login("alice");
    watch.look();
    Account bob = f.directory.account(f.bob.address()).orElseThrow(); // now in our memory
    other.changePassword(bob, new StoredPassword("{SHA}AAAA", null));
    watch.look();
    watch.look();
    assertThat(session.revoked).isEqualTo(1);
    assertThat(second.revoked).isEqualTo(1);
    assertThat(alice.revoked).isZero();
  }

  @Test
  void aLoginThatOvertookItsRevocationIsSeenAllTheSame() {
    watch.look();
    Session session = login("alice");
    f.directory.setDisabled(f.alice, true);
    f.directory.setDisabled(f.alice, false);
    watch.look();
    assertThat(session.revoked).isZero();
    f.directory.deleteAccount(f.alice);
    Session late = new Session();
    watch.loggedIn(late, new LoginGrant(f.alice, 0));
    watch.look();
    assertThat(session.revoked).isEqualTo(1);
    assertThat(late.revoked).isEqualTo(1);
  }

  @Test
  void whoLoggedOutIsWatchedNoMore() {
    Session session = login("alice");
    watch.loggedOut(session);
    f.directory.setDisabled(f.alice, true);
    watch.look();
    assertThat(session.revoked).isZero();
  }

  @Test
  void aSessionThatDoesNotEndIsCut() {
    Session session = login("alice");
    f.directory.setDisabled(f.alice, true);
    for (int i = 0; i < 11; i++) {
      watch.look();
      assertThat(session.open).isTrue();
    }
    watch.look();
    assertThat(session.open).isFalse();
    assertThat(session.revoked).isEqualTo(1);
  }

  private AuthResult loginFromElsewhere(String name) {
    FakeConnection there = FakeConnection.from("192.0.2.7");
    return f.authenticator.authenticate(name, LoginFixture.PASSWORD, "PLAIN", there);
  }

  @Test
  void oneAccountHasAThousandSessionsAtMostExceptFromThisMachine() {
    LoginGrant grant = new LoginGrant(f.alice, 0);
    Session first = new Session();
    watch.loggedIn(first, grant);
    watch.loggedIn(first, grant);
    for (int i = 1; i < LoginWatch.MOST_SESSIONS; i++) {
      watch.loggedIn(new Session(), grant);
    }
    assertThat(loginFromElsewhere("alice")).isInstanceOf(AuthResult.Unavailable.class);
    assertThat(loginFromElsewhere("bob")).isInstanceOf(AuthResult.Success.class);
    watch.loggedOut(login("alice"));
    first.close();
    watch.look();
    assertThat(loginFromElsewhere("alice")).isInstanceOf(AuthResult.Success.class);
    assertThat(loginFromElsewhere("alice")).isInstanceOf(AuthResult.Unavailable.class);
  }

  /** A connection that counts what is done to it. */
  private static final class Session implements ConnectionInfo {
    private boolean open = true;
    private int revoked;

    @Override
    public String id() {
      return "c1";
    }

    @Override
    public String service() {
      return "imap";
    }

    @Override
    public InetSocketAddress peer() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 4_711);
    }

    @Override
    public boolean isFamiliar() {
      return false;
    }

    @Override
    public boolean isLoopback() {
      return true;
    }

    @Override
    public boolean isTls() {
      return false;
    }

    @Override
    public byte @Nullable [] channelBinding(String type) {
      return null;
    }

    @Override
    public void rests() {}

    @Override
    public void loggedIn() {}

    @Override
    public void loginFailed() {}

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void revokeLogin() {
      revoked++;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
