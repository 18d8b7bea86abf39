package org.everpost.server.smtp;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.everpost.core.directory.Account;
import org.everpost.core.spf.Spf;
import org.everpost.core.spf.SpfResult;
import org.everpost.core.spool.Reason;
import org.everpost.core.srs.ReturnAddresses;
import org.everpost.server.outbound.Departure;
import org.everpost.server.outbound.Outbound;
import org.everpost.server.relay.DeadEnds;
import org.everpost.server.relay.OwnAddresses;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.AddressLiteral;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.srs.SrsRewriter.Reversed;
import org.jspecify.annotations.Nullable;

/** The way out as it is: into the queue. */
public record QueuedMail(
    Outbound outbound, DeadEnds deadEnds, OwnAddresses own, ReturnAddresses returns, Spf spf)
    implements RemoteMail {

  private static final Reply NO_SUCH_DOMAIN =
      Reply.of(550, "5.1.2", "The domain of this address does not exist, or not for mail");
  private static final Reply NO_SERVER =
      Reply.of(550, "5.4.4", "The mail servers of this domain have no address");
  private static final Reply OURSELVES =
      Reply.of(550, "5.4.6", "Mail for this domain comes to this server, which does not know it");
  private static final Reply NULL_MX =
      Reply.of(556, "5.1.10", "The domain of this address takes no mail"); // RFC 7505 §4.1

  public QueuedMail {
    Objects.requireNonNull(outbound, "outbound");
    Objects.requireNonNull(deadEnds, "deadEnds");
    Objects.requireNonNull(own, "own");
    Objects.requireNonNull(returns, "returns");
    Objects.requireNonNull(spf, "spf");
  }

  @Override
  public @Nullable Reply refusal(Path to) {
    Reason deadEnd =
        to instanceof Path.Address(EmailAddress address) ? deadEnds.of(address.domain()) : null;
    return deadEnd == null ? null : reply(deadEnd);
  }

  /** In words that tell nothing of the way. */
  static Reply reply(Reason deadEnd) {
    return switch (deadEnd.status().toString()) {
      case "5.1.10" -> NULL_MX;
      case "5.4.4" -> NO_SERVER;
      case "5.4.6" -> OURSELVES;
      default -> NO_SUCH_DOMAIN;
    };
  }

  @Override
  public boolean isOurs(AddressLiteral literal) {
    return own.isOurs(literal);
  }

  @Override
  public Path forwardedFrom(Path from, EmailAddress by) {
    return returns.forwarded(from, by.domain());
  }

  @Override
  public SpfResult check(InetAddress client, String helo, EmailAddress sender) {
    return spf.check(client, helo, sender);
  }

  @Override
  public Reversed returned(EmailAddress recipient) {
    return returns.reverse(recipient);
  }

  @Override
  public String accept(@Nullable Account sender, List<Departure> departures) {
    return outbound.accept(departures);
  }
}
