package org.everpost.server.outbound;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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

  /** Where the author is looked for, and how much is signed at once. */
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
  public OutgoingMessage.Signatures of(SpooledMessage message, OutgoingMessage.Content content) {
    if (!isOurs(message)) {
      return OutgoingMessage.UNSIGNED;
    }
    List<DkimKey> its = domain(message, head(content)).map(keys::active).orElse(List.of());
    return its.isEmpty() ? OutgoingMessage.UNSIGNED : sent -> sign(its, sent);
  }

  private static byte[] head(OutgoingMessage.Content content) {
    try (InputStream in = content.open()) {
      return in.readNBytes(BUFFER);
    } catch (IOException e) {
      throw new StoreUnavailableException("a message in the queue cannot be read", e);
    }
  }

  private String sign(List<DkimKey> its, OutgoingMessage.Writer sent) throws IOException {
    DkimSigning signing = new DkimSigning(its);
    try (OutputStream out = new BufferedOutputStream(new Fed(signing), BUFFER)) {
      sent.writeTo(out);
    }
    return String.join("", signing.sign(clock.instant(), null));
  }

  /** Reads what is written. */
  private static final class Fed extends OutputStream {
    private final DkimSigning signing;

    Fed(DkimSigning signing) {
      this.signing = signing;
    }

    @Override
    public void write(int octet) {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
      signing.feed(octets, offset, length);
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
