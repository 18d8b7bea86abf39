package org.everpost.server.relay;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.everpost.core.spool.Reason;
import org.everpost.server.net.Dialer;
import org.everpost.server.relay.OutgoingMessage.Recipient;
import org.everpost.server.relay.RecipientResult.Abandoned;
import org.everpost.server.relay.RecipientResult.Deferred;
import org.everpost.server.relay.RecipientResult.Refused;
import org.everpost.server.relay.RecipientResult.Unasked;
import org.everpost.store.StoreException;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.PeerCapabilities;
import org.everpost.wire.smtp.PeerReply;
import org.jspecify.annotations.Nullable;

/** A session with a peer that waits for MAIL, or is over. */
final class PeerSession implements RelayConnection {

  private final Dialogue dialogue;
  private final Dialer dialer;
  private final PeerCapabilities capabilities;
  private final boolean secured;
  private final boolean chosen;
  private final RelayLimits limits;
  private final Permission permission;

  private int messages;
  private int transactions;

  /** Whether the peer may hold something of a transaction that came to nothing. */
  private boolean needsReset;

  /** Whether the peer has replied to the MAIL of the last transaction. */
  private boolean replied;

  private boolean over;
  private boolean closed;

  /**
   * @param secured whether it is sure who the peer is (RFC 8689 §4.2.1)
   * @param chosen whether it is a smart host
   */
  PeerSession(
      Dialogue dialogue,
      Dialer dialer,
      PeerCapabilities capabilities,
      boolean secured,
      boolean chosen,
      RelayLimits limits,
      Permission permission) {
    this.dialogue = dialogue;
    this.dialer = dialer;
    this.capabilities = capabilities;
    this.secured = secured;
    this.chosen = chosen;
    this.limits = limits;
    this.permission = permission;
  }

  @Override
  public String peer() {
    return dialogue.peer();
  }

  @Override
  public boolean isUsable() {
    return !over
        && messages < limits.messages()
        && transactions < capabilities.limits().mailMax()
        && dialogue.connection().isOpen();
  }

  @Override
  public List<RecipientResult> send(OutgoingMessage message) {
    RecipientResult[] results = new RecipientResult[message.recipients().size()];
    messages++;
    dialogue.connection().endWithin(limit(message.size()));
    RecipientResult rest;
    try {
      rest = send(message, results);
    } catch (SessionEndedException e) {
      end();
      Reason reason = e.reason(peer());
      rest = isEnoughForPeer(e) ? new Unasked(reason) : new Deferred(reason);
    } catch (AbandonedException e) {
      // Half a message may be under way: its end must never come.
      end();
      rest = new Abandoned(e.reason());
    } catch (IOException | StoreException e) {
      end();
      rest = new Abandoned(ours("4.3.0", "The message could not be read"));
    }
    for (int i = 0; i < results.length; i++) {
      if (results[i] == null) {
        results[i] = rest;
      }
    }
    if (!over) {
      dialogue.connection().endWithin(limits.message());
    }
    return Arrays.asList(results);
  }

  /**
   * Whether the peer ends the session before it says anything to a further transaction: it has its
   * limits, or does not wait long for more, and nothing speaks against another session.
   */
  private boolean isEnoughForPeer(SessionEndedException e) {
    return transactions > 1 && !replied && e.isByPeer();
  }

  private Duration limit(long size) {
    return limits.message().plusSeconds(size / limits.octetsPerSecond());
  }

  /** What those get who have no result. */
  private RecipientResult send(OutgoingMessage message, RecipientResult[] results)
      throws SessionEndedException, AbandonedException, IOException {
    if (over) {
      return new Deferred(ours("4.4.2", "The session with " + peer() + " is over"));
    }
    MessageFit fit = MessageFit.of(message, capabilities);
    if (message.requireTls() && !(secured && offersRequireTls())) {
      fit = new MessageFit.Unfit("5.7.30", " is no server for a message that requires TLS");
    }
    if (fit instanceof MessageFit.Unfit unfit) {
      Reason reason = ours(unfit.status(), peer() + unfit.text());
      return new Refused(reason);
    }
    MessageFit.Fits fits = (MessageFit.Fits) fit;
    List<Integer> waiting = new ArrayList<>(IntStream.range(0, results.length).boxed().toList());
    while (!waiting.isEmpty() && transactions < capabilities.limits().mailMax()) {
      Reason no = permission.whyNot(Permission.Step.BEGIN);
      if (no != null) {
        return new Abandoned(no);
      }
      List<Integer> group = group(message, waiting);
      waiting.removeAll(new HashSet<>(group));
      transactions++;
      replied = false;
      Transaction transaction =
          new Transaction(this, dialogue, capabilities, limits, message, fits, group, results);
      // Those the peer had no room for come first in the next one.
      waiting.addAll(0, transaction.run());
    }
    // RFC 9422 §4.1: it said so beforehand, so nothing has failed.
    return new Unasked(ours("4.5.3", peer() + " takes no more messages in this session"));
  }

  private boolean offersRequireTls() {
    return capabilities.offers(PeerCapabilities.Extension.REQUIRE_TLS);
  }

  /** As many of them as one transaction may have (RFC 9422 §4). */
  private List<Integer> group(OutgoingMessage message, List<Integer> waiting) {
    PeerCapabilities.Limits most = capabilities.limits();
    List<Integer> group = new ArrayList<>();
    Set<String> domains = new HashSet<>();
    for (int index : waiting) {
      if (group.size() == most.rcptMax()) {
        break;
      }
      String domain = domain(message.recipients().get(index));
      if (domains.contains(domain) || domains.size() < most.rcptDomainMax()) {
        domains.add(domain);
        group.add(index);
      }
    }
    return group;
  }

  private static String domain(Recipient recipient) {
    return switch (recipient.to()) {
      case Path.Address address -> address.address().domain().ascii();
      case Path.AtLiteral literal -> literal.literal().toString();
      case Path.Null _, Path.Postmaster _ -> "";
    };
  }

  private static Reason ours(String status, String text) {
    return new Reason(EnhancedStatusCode.of(status), text, null);
  }

  /** Goes on with a transaction, if that may be. */
  void mayGoOn() throws AbandonedException {
    abandonIf(permission.whyNot(Permission.Step.BEGIN));
  }

  /** Ends a message, if that may be. */
  void mayEnd() throws AbandonedException {
    abandonIf(permission.whyNot(Permission.Step.END));
  }

  private static void abandonIf(@Nullable Reason no) throws AbandonedException {
    if (no != null) {
      throw new AbandonedException(no);
    }
  }

  /**
   * Whether a reply says that we have to log in first, or to encrypt (RFC 4954 §6, RFC 3207 §4): at
   * a smart host that is for the operator to see to, and no message's fault.
   */
  boolean isOperatorsBusiness(PeerReply reply) {
    return chosen && reply.code() == 530;
  }

  /** The peer has replied to MAIL. */
  void hasReplied() {
    replied = true;
  }

  /** Whether RSET has to come first (RFC 5321 §4.1.1.5). */
  boolean takeReset() {
    boolean taken = needsReset;
    needsReset = false;
    return taken;
  }

  void needsReset() {
    needsReset = true;
  }

  private void end() {
    over = true;
    close();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (over) {
      dialer.cut(dialogue.connection());
      return;
    }
    over = true;
    dialogue.connection().endWithin(limits.quit());
    try {
      dialogue.ask("QUIT", limits.quit());
    } catch (SessionEndedException e) {
      // It is over, as wanted.
    }
    dialer.hangUp(dialogue.connection());
  }
}
