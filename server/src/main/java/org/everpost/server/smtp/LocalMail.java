package org.everpost.server.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.Resolution;
import org.everpost.store.BlobId;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;

/**
 * What SMTP needs of the rest of the house: who has an address here, and where a message goes.
 * Every method may throw {@link org.everpost.store.StoreUnavailableException}. Safe for any number
 * of threads.
 */
public interface LocalMail {

  /** Where the mail of a recipient goes. */
  Resolution resolve(EmailAddress recipient);

  /** The domain whose postmaster is meant where none is named. */
  Optional<DomainName> defaultDomain();

  /** Whether an account may send under an address. */
  boolean mayUse(Account account, EmailAddress address);

  /** Whether a message of this size would be within the account's quota now; 0: not known. */
  boolean hasRoom(Account account, long size);

  /** Whether the account still takes mail, and can be read: asked before anybody gets a message. */
  boolean isReady(Account account);

  /**
   * Stores content, once for all recipients.
   *
   * @throws IOException what {@code content} threw
   */
  Content receive(InputStream content) throws IOException;

  /** Content that is stored and in no mailbox yet. */
  interface Content {

    /** In octets. */
    long size();

    /** Where it is stored. */
    BlobId blob();

    /**
     * Puts it into the account's inbox, durably.
     *
     * @param quota what is to be kept
     * @return false if the account is full
     */
    boolean deliver(Account account, Quota quota, String connection);
  }
}
