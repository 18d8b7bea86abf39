package org.everpost.server.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.delivery.DeliveryResult;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.Resolution;
import org.everpost.core.mailbox.IncomingMessage;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.store.BlobId;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;

/** The house as it is: the directory, the mailboxes, the way into them. */
public record StoredMail(Directory directory, Mailboxes mailboxes, Delivery delivery)
    implements LocalMail {

  public StoredMail {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(mailboxes, "mailboxes");
    Objects.requireNonNull(delivery, "delivery");
  }

  @Override
  public Resolution resolve(EmailAddress recipient) {
    return directory.resolve(recipient);
  }

  @Override
  public Optional<DomainName> defaultDomain() {
    return directory.defaultDomain();
  }

  @Override
  public boolean mayUse(Account account, EmailAddress address) {
    return directory.mayUse(account, address);
  }

  @Override
  public boolean hasRoom(Account account, long size) {
    return delivery.hasRoom(account, size);
  }

  @Override
  public boolean isReady(Account account) {
    boolean ready =
        directory
            .account(account.address())
            .filter(now -> now.id().equals(account.id()) && !now.disabled())
            .isPresent();
    if (ready) {
      mailboxes.open(account.id()).view(); // what cannot be read is to be found out now
    }
    return ready;
  }

  @Override
  public Content receive(InputStream content) throws IOException {
    return new StoredContent(mailboxes.receive(content), delivery);
  }

  private record StoredContent(IncomingMessage message, Delivery delivery) implements Content {

    @Override
    public long size() {
      return message.size();
    }

    @Override
    public BlobId blob() {
      return message.blob();
    }

    @Override
    public boolean deliver(Account account, Quota quota, String connection) {
      return switch (delivery.deliver(message, account, quota, connection)) {
        case DeliveryResult.Delivered _ -> true;
        case DeliveryResult.OverQuota _ -> false;
      };
    }
  }
}
