package org.everpost.core.password;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.StoredPassword;
import org.everpost.core.event.Event;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;

/** A directory with alice, bob and carol of example.test, and what logs them in. */
final class LoginFixture implements AutoCloseable {

  /** Verified in microseconds. */
  static final String CHEAP_HASH = "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A="; // correct horse

  static final String PASSWORD = "correct horse";

  final ManualClock clock = new ManualClock();
  final RandomSource random = RandomSource.seeded(11);
  final MemoryStore store = new MemoryStore(clock, random);
  final List<Event> events = new CopyOnWriteArrayList<>();
  final Directory directory =
      new Directory(store.ledger(), store.shared(), clock, random, events::add);
  final PasswordHashing hashing = new PasswordHashing(random);
  final Authenticator authenticator = newAuthenticator();
  final SaslLogin sasl = new SaslLogin(authenticator, random, true);
  final Account alice;
  final Account bob;

  LoginFixture() {
    directory.addDomain(DomainName.of("example.test"));
    alice = add("alice@example.test", hashing.store(PASSWORD));
    bob = add("bob@example.test", new StoredPassword(CHEAP_HASH, null));
    events.clear();
  }

  Authenticator newAuthenticator() {
    return new Authenticator(directory, hashing, store.hints(), clock, random, events::add);
  }

  Account add(String address, StoredPassword password) {
    EmailAddress parsed = EmailAddress.of(address);
    directory.addAccount(parsed, password, Quota.UNLIMITED);
    return directory.account(parsed).orElseThrow();
  }

  AuthResult login(String name, String password, String address) {
    return authenticator.authenticate(name, password, "PLAIN", FakeConnection.from(address));
  }

  @Override
  public void close() {
    hashing.close();
    store.close();
  }
}
