package org.everpost.core.directory;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimAlgorithm;
import org.everpost.wire.dkim.DkimKeyRecord;
import org.jspecify.annotations.Nullable;

/**
 * What may be shown of a key that a domain signs with (RFC 6376).
 *
 * @param activated since when it signs; null: not yet
 * @param retired since when it signs no more; null: it is not so far
 */
public record SigningKey(
    DomainName domain,
    DomainName selector,
    DkimAlgorithm algorithm,
    PublicKey publicKey,
    Instant created,
    @Nullable Instant activated,
    @Nullable Instant retired) {

  /** Longer than any queue keeps a message: what it signed may still be on its way. */
  public static final Duration KEPT_PUBLISHED = Duration.ofDays(7);

  /** A key that signs longer than that should have a successor. */
  private static final Duration OLD = Duration.ofDays(365);

  public SigningKey {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(selector, "selector");
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(publicKey, "publicKey");
    Objects.requireNonNull(created, "created");
  }

  /** The life of a key. */
  public enum State {
    /** It waits for its record to be seen in DNS, and signs nothing yet. */
    PENDING,
    /** It signs. */
    ACTIVE,
    /** Its successor signs; its record is needed for what is on its way. */
    RETIRED
  }

  public State state() {
    return retired != null ? State.RETIRED : activated != null ? State.ACTIVE : State.PENDING;
  }

  /** Until when its record has to be in DNS; null: for ever, as far as is known now. */
  public @Nullable Instant neededUntil() {
    return retired == null ? null : retired.plus(KEPT_PUBLISHED);
  }

  /** Whether its record has to be in DNS. */
  public boolean isNeeded(Instant now) {
    Instant until = neededUntil();
    return until == null || now.isBefore(until);
  }

  /** Whether it signs for so long that it is time for another. */
  public boolean isOld(Instant now) {
    return state() == State.ACTIVE && created.plus(OLD).isBefore(now);
  }

  /** The name of its TXT record (RFC 6376 §3.6.2.1). */
  public DomainName recordName() {
    return new DomainName(selector + "._domainkey." + domain);
  }

  /** The text of its TXT record. */
  public String recordText() {
    return DkimKeyRecord.render(algorithm, publicKey);
  }
}
