package org.everpost.server.smtp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.everpost.core.cluster.NodeId;
import org.everpost.core.cluster.Nodes;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.Directory;
import org.everpost.core.sending.SendingMeter;
import org.everpost.core.sending.SendingRules;
import org.everpost.core.spf.SpfResult;
import org.everpost.core.srs.ReturnAddresses;
import org.everpost.core.time.Clock;
import org.everpost.server.outbound.Departure;
import org.everpost.store.Hints;
import org.everpost.store.StoreUnavailableException;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.AddressLiteral;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.Reply;
import org.everpost.wire.srs.SrsRewriter.Reversed;
import org.jspecify.annotations.Nullable;

/** Keeps what would leave; {@code nobody@nowhere.test} is refused, {@code [127.0.0.1]} is us. */
public final class RecordedDepartures implements RemoteMail {

  /** Fails this many times. */
  final AtomicInteger failing = new AtomicInteger();

  private final ReturnAddresses returns;
  private final List<Departure> departures = new ArrayList<>();
  private volatile SpfResult.Verdict spf = SpfResult.Verdict.NONE;

  public RecordedDepartures(ReturnAddresses returns) {
    this.returns = returns;
  }

  @Override
  public @Nullable Reply refusal(Path to) {
    return to.toString().endsWith("@nowhere.test>")
        ? Reply.of(550, "5.1.2", "The domain of this address does not exist")
        : null;
  }

  @Override
  public boolean isOurs(AddressLiteral literal) {
    return literal.toString().equals("[127.0.0.1]");
  }

  /** Lets everybody send as much as he wants. */
  static Nodes alone(Clock clock) {
    return new Nodes(new NodeId("0123456789abcdef"), List::of, clock);
  }

  public static SendingGuard withoutLimits(Directory directory, Hints hints, Clock clock) {
    SendingRules rules = new SendingRules(Map.of(), Duration.ZERO);
    return new SendingGuard(
        directory, new SendingMeter(hints, rules, alone(clock), clock), (_, _) -> {});
  }

  /** What SPF says of everybody elsewhere from now on. */
  void everybodyIs(SpfResult.Verdict verdict) {
    spf = verdict;
  }

  @Override
  public SpfResult check(InetAddress client, String helo, EmailAddress sender) {
    String asked = client.getHostAddress() + " " + helo + " " + sender;
    return new SpfResult(spf, sender.domain().ascii(), asked, null);
  }

  @Override
  public Path forwardedFrom(Path from, EmailAddress by) {
    return returns.forwarded(from, by.domain());
  }

  @Override
  public Reversed returned(EmailAddress recipient) {
    return returns.reverse(recipient);
  }

  @Override
  public synchronized String accept(@Nullable Account sender, List<Departure> leaving) {
    if (failing.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new StoreUnavailableException("as a test wants it");
    }
    departures.addAll(leaving);
    return "1recorded";
  }

  /** What has left so far. */
  synchronized List<Departure> all() {
    return List.copyOf(departures);
  }
}
