package org.everpost.server.smtp;

import java.net.InetAddress;
import java.util.List;
import org.everpost.core.directory.Account;
import org.everpost.core.spf.SpfResult;
import org.everpost.server.outbound.Departure;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.AddressLiteral;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.srs.SrsRewriter.Reversed;
import org.jspecify.annotations.Nullable;

/**
 * What SMTP needs of the way out. Methods may throw {@link
 * org.everpost.store.StoreUnavailableException}. Safe for any number of threads.
 */
public interface RemoteMail {

  /**
   * Why a recipient elsewhere cannot be taken, as far as that is known at once: better a refusal
   * now than a notification later.
   *
   * @return null: it can
   */
  @Nullable Reply refusal(Path to);

  /** Whether this IP address is one of this server's. */
  boolean isOurs(AddressLiteral literal);

  /** The reverse-path with which a message goes on that came to an address and is forwarded. */
  Path forwardedFrom(Path from, EmailAddress by);

  /** Whether a client may send in the name of a sender elsewhere; blocks, but for seconds only. */
  SpfResult check(InetAddress client, String helo, EmailAddress sender);

  /** Whom a message is for if its recipient is such a reverse-path. */
  Reversed returned(EmailAddress recipient);

  /**
   * Takes responsibility for messages, for all or none; they are durable when this returns.
   *
   * @param sender who is logged in; null: another server
   * @return the id by which the queue knows the first
   */
  String accept(@Nullable Account sender, List<Departure> departures);
}
