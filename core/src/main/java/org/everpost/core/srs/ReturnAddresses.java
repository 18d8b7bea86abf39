package org.everpost.core.srs;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.everpost.core.directory.Directory;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Hints;
import org.everpost.store.Store;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.srs.SrsRewriter;
import org.everpost.wire.srs.SrsRewriter.Reversed;
import org.jspecify.annotations.Nullable;

/**
 * Whence a message comes that an address of ours forwards: from us, so that it passes SPF where it
 * goes, and so that a notification about it comes back to us, who send it on. Safe for any number
 * of threads.
 */
public final class ReturnAddresses {

  /**
   * Of senders whose address would be too long when rewritten (RFC 5321 §4.5.3.1.1), as those of
   * most newsletters: what is rewritten is a name in this domain, and the hint of that name is the
   * sender. Losing it costs a notification.
   */
  private static final DomainName KEPT = new DomainName("kept.invalid");

  /** More do not fit into a local part. */
  private static final int MAX_NESTED = 8;

  private static final String TABLE = "srs";
  private static final Duration KEPT_FOR = SrsKeys.LIFE.plusDays(1);

  private final Directory directory;
  private final SrsKeys keys;
  private final Hints hints;
  private final Clock clock;
  private final RandomSource random;

  public ReturnAddresses(Directory directory, Store store, Clock clock, RandomSource random) {
    this.directory = Objects.requireNonNull(directory, "directory");
    this.keys = new SrsKeys(store.ledger(), clock, random);
    this.hints = store.hints();
    this.clock = Objects.requireNonNull(clock, "clock");
    this.random = Objects.requireNonNull(random, "random");
  }

  /**
   * The reverse-path of a message that an address of ours forwards. The null path stays what it is
   * (RFC 5321 §4.5.5), as does one of ours: it passes SPF and comes back as it is. At an address
   * literal nobody publishes a policy.
   */
  public Path forwarded(Path from, DomainName by) {
    return from instanceof Path.Address(EmailAddress sender) && !directory.isLocal(sender.domain())
        ? new Path.Address(rewritten(sender, by))
        : from;
  }

  private EmailAddress rewritten(EmailAddress sender, DomainName us) {
    SrsRewriter srs = rewriter(keys.toMake());
    EmailAddress address = srs.rewrite(sender, us, clock.instant());
    return address == null ? kept(srs, sender, us) : address;
  }

  private EmailAddress kept(SrsRewriter srs, EmailAddress sender, DomainName us) {
    String token = String.format("%016x", random.nextLong());
    hints.put(TABLE, octets(token), octets(sender.toString()), KEPT_FOR);
    return Objects.requireNonNull(
        srs.rewrite(new EmailAddress(token, KEPT), us, clock.instant()), "short enough");
  }

  private static SrsRewriter rewriter(List<byte[]> keys) {
    return new SrsRewriter(keys, (int) SrsKeys.LIFE.toDays());
  }

  /**
   * Whom a message to an address of ours is for if it is one that was rewritten. Mail that was
   * forwarded from here, and from there to here and on again, has such an address in such an
   * address.
   */
  public Reversed reverse(EmailAddress recipient) {
    Reversed reversed = reverseOnce(recipient);
    for (int more = 0; reversed instanceof Reversed.Original(EmailAddress inner); more++) {
      if (!isReturnAddress(inner)) {
        return reversed;
      }
      reversed = more < MAX_NESTED ? reverseOnce(inner) : new Reversed.Invalid("no end to it");
    }
    return reversed;
  }

  private Reversed reverseOnce(EmailAddress recipient) {
    if (!isReturnAddress(recipient)) {
      return new Reversed.NotRewritten();
    }
    List<byte[]> accepted = keys.toAccept();
    if (accepted.isEmpty()) {
      return new Reversed.Invalid("nothing was ever rewritten");
    }
    Reversed reversed = rewriter(accepted).reverse(recipient, clock.instant());
    return reversed instanceof Reversed.Original(EmailAddress sender)
            && sender.domain().equals(KEPT)
        ? kept(sender.localPart())
        : reversed;
  }

  private Reversed kept(String token) {
    byte @Nullable [] sender = hints.get(TABLE, octets(token.toLowerCase(Locale.ROOT)));
    return sender == null
        ? new Reversed.Invalid("nobody knows any more whose it was")
        : new Reversed.Original(EmailAddress.of(new String(sender, StandardCharsets.UTF_8)));
  }

  /** Whether an address stands, or stood, for a sender elsewhere. */
  public boolean isReturnAddress(EmailAddress address) {
    return SrsRewriter.isTagged(address) && directory.isLocal(address.domain());
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
