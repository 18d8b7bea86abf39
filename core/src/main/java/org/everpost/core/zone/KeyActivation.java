package org.everpost.core.zone;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.everpost.core.directory.Change;
import org.everpost.core.directory.SigningKey;
import org.everpost.core.directory.SigningKey.State;
import org.everpost.core.directory.SigningKeys;
import org.everpost.core.dns.Resolver;
import org.everpost.wire.address.DomainName;

/**
 * Lets a key sign once its record is in DNS: nothing is signed with a key nobody can look up. Safe
 * for any number of threads.
 */
public final class KeyActivation {

  private final SigningKeys keys;
  private final Resolver resolver;

  public KeyActivation(SigningKeys keys, Resolver resolver) {
    this.keys = Objects.requireNonNull(keys, "keys");
    this.resolver = Objects.requireNonNull(resolver, "resolver");
  }

  /** What DNS says about each key of a domain that signs or waits; those seen sign from now on. */
  public Map<SigningKey, Finding> run(DomainName domain) {
    Map<SigningKey, Finding> findings = new LinkedHashMap<>();
    for (SigningKey key : keys.all(domain)) {
      if (key.state() != State.RETIRED) {
        Finding finding = TextChecks.key(resolver, key);
        findings.put(key, finding);
        if (key.state() == State.PENDING && finding instanceof Finding.Good) {
          Change _ = keys.activate(key); // unchanged: somebody else was faster
        }
      }
    }
    return findings;
  }
}
