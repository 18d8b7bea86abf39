package org.everpost.server.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.SigningKeys;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.time.Clock;
import org.everpost.server.relay.OutgoingMessage;
import org.everpost.store.StoreUnavailableException;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dkim.DkimKey;
import org.everpost.wire.dkim.DkimSigning;
import org.everpost.wire.mime.EnvelopeAddress;
import org.everpost.wire.mime.HeaderField;
import org.everpost.wire.mime.HeaderFields;
import org.everpost.wire.smtp.Path;

/**
 * Signs what our users and we ourselves write, with every key of the author's domain (RFC 6376
 * §5.1). What an address of ours passes on for strangers is not signed: whoever forged our domain
 * in its From field would have our word for it. The signature of its author stays as it is.
 */
public final class DkimSigner implements Signer {

  /** Where the author is looked for, and how much is read at once. */
  private static final int BUFFER = 64 << 10;

  private final Directory directory;
  private final SigningKeys keys;
  private final Clock clock;

  public DkimSigner(Directory directory, SigningKeys keys, Clock clock) {
    this.directory = Objects.requireNonNull(directory, "directory");
    this.keys = Objects.requireNonNull(keys, "keys");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public String sign(SpooledMessage message, OutgoingMessage.Content content) {
    if (!isOurs(message)) {
      return "";
    }
    try (InputStream in = content.open()) {
      byte[] head = in.readNBytes(BUFFER);
      Optional<DomainName> domain = domain(message, head);
      List<DkimKey> its = domain.isEmpty() ? List.of() : keys.active(domain.get());
      if (its.isEmpty()) {
        return "";
      }
      DkimSigning signing = new DkimSigning(its);
      signing.feed(head, 0, head.length);
      if (head.length == BUFFER) {
        for (int n = in.read(head); n > 0; n = in.read(head)) {
          signing.feed(head, 0, n);
        }
      }
      return String.join("", signing.sign(clock.instant(), null));
    } catch (IOException e) {
      throw new StoreUnavailableException("a message in the queue cannot be read", e);
    }
  }

  /** Whether a user who logged in, or this server, wrote it. */
  private boolean isOurs(SpooledMessage message) {
    return message.sender().isEmpty()
        || directory.account(EmailAddress.of(message.sender())).isPresent();
  }

  /** Whose keys sign: those of the author, else of the sender, else our own. */
  private Optional<DomainName> domain(SpooledMessage message, byte[] head) {
    Optional<DomainName> author = author(head).filter(directory::isLocal);
    if (author.isPresent()) {
      return author;
    }
    return message.envelope().from() instanceof Path.Address(EmailAddress sender)
        ? Optional.of(sender.domain())
        : directory.defaultDomain();
  }

  private static Optional<DomainName> author(byte[] head) {
    HeaderField from = HeaderFields.of(head).first("From");
    if (from != null) {
      for (EnvelopeAddress address : from.addresses()) {
        String host = address.host();
        if (host != null) {
          return domain(host);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<DomainName> domain(String host) {
    try {
      return Optional.of(DomainName.of(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
