package org.everpost.wire.dkim;

import java.security.PrivateKey;
import java.util.Objects;
import org.everpost.wire.address.DomainName;

/** A key that signs for a domain. {@link #toString} does not show it. */
public record DkimKey(
    DomainName domain, DomainName selector, DkimAlgorithm algorithm, PrivateKey key) {

  public DkimKey {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(selector, "selector");
    boolean rsa = key.getAlgorithm().equals("RSA");
    if (rsa != (algorithm == DkimAlgorithm.RSA_SHA256)) {
      throw new IllegalArgumentException("a " + key.getAlgorithm() + " key for " + algorithm);
    }
  }

  @Override
  public String toString() {
    return "DkimKey[" + selector + "._domainkey." + domain + " " + algorithm + "]";
  }
}
