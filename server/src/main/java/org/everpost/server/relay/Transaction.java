package org.everpost.server.relay;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.everpost.core.spool.Reason;
import org.everpost.server.net.ConnectionException;
import org.everpost.server.relay.OutgoingMessage.Recipient;
import org.everpost.server.relay.RecipientResult.Deferred;
import org.everpost.server.relay.RecipientResult.Refused;
import org.everpost.server.relay.RecipientResult.Relayed;
import org.everpost.wire.smtp.CommandRenderer;
import org.everpost.wire.smtp.DataEncoder;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.PeerCapabilities;
import org.everpost.wire.smtp.PeerCapabilities.Extension;
import org.everpost.wire.smtp.PeerReply;
import org.everpost.wire.smtp.SmtpCommand;
import org.jspecify.annotations.Nullable;

/** One mail transaction (RFC 5321 §3.3) for some recipients of a message. */
final class Transaction {

  /**
   * Commands sent before their replies are read: what both fits into a socket's buffers, so that
   * neither side waits for the other (RFC 2920 §3.1).
   */
  private static final int MAX_AHEAD = 50;

  private static final Duration EARLY_REPLY = Duration.ofSeconds(1);

  private final PeerSession session;
  private final Dialogue dialogue;
  private final PeerCapabilities peer;
  private final RelayLimits limits;
  private final OutgoingMessage message;
  private final MessageFit.Fits fit;
  private final List<Integer> group;
  private final RecipientResult[] results;

  private final List<Integer> accepted = new ArrayList<>();
  private final List<Integer> postponed = new ArrayList<>();
  private boolean mailAccepted;
  private @Nullable PeerReply dataReply;

  /**
   * @param group indices of the recipients
   * @param results where theirs go; those that have none afterwards were not come to
   */
  Transaction(
      PeerSession session,
      Dialogue dialogue,
      PeerCapabilities peer,
      RelayLimits limits,
      OutgoingMessage message,
      MessageFit.Fits fit,
      List<Integer> group,
      RecipientResult[] results) {
    this.session = session;
    this.dialogue = dialogue;
    this.peer = peer;
    this.limits = limits;
    this.message = message;
    this.fit = fit;
    this.group = group;
    this.results = results;
  }

  /** What is done with the reply to a command that was sent ahead. */
  @FunctionalInterface
  private interface ReplyHandler {
    void accept(PeerReply reply) throws SessionEndedException;
  }

  /** A command and what is done with its reply. */
  private record Step(String command, String doing, Duration limit, ReplyHandler handler) {}

  /**
   * Goes through with it.
   *
   * @return the recipients for whom there was no room in this transaction, though in another
   */
  List<Integer> run() throws SessionEndedException, AbandonedException, IOException {
    List<Step> steps = new ArrayList<>();
    if (session.takeReset()) {
      steps.add(new Step("RSET", "RSET", limits.command(), reply -> {}));
    }
    steps.add(new Step(mail(), "MAIL", limits.command(), this::mailReplied));
    for (int index : group) {
      steps.add(
          new Step(rcpt(index), "RCPT", limits.command(), reply -> rcptReplied(index, reply)));
    }
    if (!fit.chunked()) {
      steps.add(new Step("DATA", "DATA", limits.data(), reply -> dataReply = reply));
    }
    session.needsReset();
    talk(steps);
    PeerReply last = fit.chunked() ? chunk() : data();
    if (last != null) {
      session.takeReset();
      decide(last);
    }
    return postponed;
  }

  /** With PIPELINING many commands at once, else one by one, as long as it makes sense. */
  private void talk(List<Step> steps) throws SessionEndedException, AbandonedException {
    int ahead = peer.offers(Extension.PIPELINING) ? MAX_AHEAD : 1;
    for (int from = 0; from < steps.size(); from += ahead) {
      List<Step> batch = steps.subList(from, Math.min(from + ahead, steps.size()));
      if (from > 0 && isHopeless(batch.getFirst())) {
        return;
      }
      session.mayGoOn();
      for (Step step : batch) {
        dialogue.say(step.command, step.doing);
      }
      dialogue.flush(batch.getLast().doing);
      for (Step step : batch) {
        step.handler.accept(dialogue.reply(step.limit, step.doing));
      }
    }
  }

  private boolean isHopeless(Step next) {
    return switch (next.doing) {
      case "RCPT" -> !mailAccepted;
      case "DATA" -> accepted.isEmpty();
      default -> false;
    };
  }

  private String mail() {
    boolean dsn = peer.offers(Extension.DSN);
    return CommandRenderer.mail(
        new SmtpCommand.Mail(
            message.from(),
            peer.offers(Extension.SIZE) ? fit.size() : SmtpCommand.Mail.NO_SIZE,
            fit.body(),
            fit.smtpUtf8(),
            dsn ? message.ret() : null,
            dsn ? message.envid() : null,
            null,
            message.requireTls()));
  }

  private String rcpt(int index) {
    Recipient recipient = message.recipients().get(index);
    boolean dsn = peer.offers(Extension.DSN);
    return CommandRenderer.rcpt(
        new SmtpCommand.Rcpt(
            recipient.to(), dsn ? recipient.notifyOn() : Set.of(), dsn ? recipient.orcpt() : null),
        fit.smtpUtf8());
  }

  private void mailReplied(PeerReply reply) throws SessionEndedException {
    session.hasReplied();
    mailAccepted = isAccepted(reply, "MAIL");
    if (!mailAccepted) {
      for (int index : group) {
        results[index] = failed(reply, ReplyStatus.Stage.MAIL);
      }
    }
  }

  private void rcptReplied(int index, PeerReply reply) throws SessionEndedException {
    if (!mailAccepted) {
      return; // what came of MAIL says why
    }
    if (isAccepted(reply, "RCPT")) {
      accepted.add(index);
    } else if (isTooMany(reply) && !accepted.isEmpty()) {
      postponed.add(index);
    } else {
      results[index] = failed(reply, ReplyStatus.Stage.RCPT);
    }
  }

  /** RFC 5321 §4.5.3.1.10: the others get a transaction of their own. */
  private static boolean isTooMany(PeerReply reply) {
    EnhancedStatusCode status = reply.enhanced();
    return (reply.code() == 452 || reply.code() == 552)
        && (status == null || (status.subject() == 5 && status.detail() == 3));
  }

  private boolean isAccepted(PeerReply reply, String doing) throws SessionEndedException {
    if (reply.isIntermediate()) {
      throw dialogue.protocol("%s in reply to %s".formatted(reply, doing));
    }
    return reply.isCompleted();
  }

  /** Sends the message after DATA; null if it was not come to that. */
  private @Nullable PeerReply data() throws SessionEndedException, AbandonedException, IOException {
    PeerReply go = dataReply;
    if (go == null) {
      return null;
    }
    if (go.code() != 354) {
      if (!go.isTransientFailure() && !go.isPermanentFailure()) {
        throw dialogue.protocol("%s in reply to DATA".formatted(go));
      }
      for (int index : accepted) {
        results[index] = failed(go, ReplyStatus.Stage.DATA);
      }
      return null;
    }
    DataEncoder encoder = new DataEncoder(dialogue.connection().output());
    if (!accepted.isEmpty()) { // RFC 2920 §3.1: DATA sent ahead for nobody gets an empty message
      write(new Measured(encoder::write, fit.size()));
      mayEnd();
    }
    return finish(encoder::finish);
  }

  /**
   * Sends the message as one chunk (RFC 3030 §2); null if nobody would get it. Its end is its last
   * octet.
   */
  private @Nullable PeerReply chunk()
      throws SessionEndedException, AbandonedException, IOException {
    if (accepted.isEmpty()) {
      return null;
    }
    if (fit.size() == 0) {
      mayEnd();
    }
    dialogue.say("BDAT " + fit.size() + " LAST", "BDAT");
    AllButLast out = new AllButLast(dialogue.connection()::write, fit.size());
    write(new Measured(out, fit.size()));
    if (fit.size() > 0) {
      mayEnd();
    }
    return finish(out::finish);
  }

  /**
   * Ends the message, if that may be. Whoever replies before the end cannot have taken it (RFC 5321
   * §4.1.1.4), and further replies would count for commands they are not to.
   */
  private void mayEnd() throws SessionEndedException, AbandonedException {
    session.mayEnd(); // which may take its time
    boolean early;
    try {
      early = dialogue.connection().hasInput();
    } catch (IOException e) {
      throw dialogue.ended(e, "the message");
    }
    if (early) {
      throw early(dialogue.protocol("a reply to the message before its end"));
    }
  }

  private void write(Measured out) throws SessionEndedException, IOException {
    try {
      fit.content().writeTo(out);
    } catch (ConnectionException e) {
      throw early(dialogue.ended(e, "the message"));
    }
    if (out.left > 0) {
      throw new IOException("the message is shorter than it was said to be");
    }
  }

  /** Who closes, or speaks, in the middle of a message may have said why. */
  private SessionEndedException early(SessionEndedException ended) {
    try {
      PeerReply reply = dialogue.reply(EARLY_REPLY, "the message");
      if (reply.isTransientFailure() || reply.isPermanentFailure()) {
        for (int index : accepted) {
          results[index] = failed(reply, ReplyStatus.Stage.DATA);
        }
      }
      return ended;
    } catch (SessionEndedException e) {
      return e.isSaidByPeer() ? e : ended;
    }
  }

  /** The end of a message. */
  @FunctionalInterface
  private interface End {
    void write() throws IOException;
  }

  private PeerReply finish(End end) throws SessionEndedException {
    boolean sent = false;
    try {
      end.write();
      sent = true;
      dialogue.flush("the message");
      return dialogue.reply(limits.accept(), "the message");
    } catch (IOException e) {
      throw dialogue.ended(e, "the message");
    } catch (SessionEndedException e) {
      throw sent ? uncertain(e) : e;
    }
  }

  /** RFC 5321 §4.5.4.1 has no better answer than to send it once more. */
  private static SessionEndedException uncertain(SessionEndedException e) {
    if (e.isSaidByPeer()) {
      return e;
    }
    return new SessionEndedException(
        e.status(),
        e.getMessage() + ", after all of it was sent: it may have been delivered all the same",
        SessionEndedException.End.BY_US);
  }

  /** The reply to the whole message is that of every recipient that was accepted. */
  private void decide(PeerReply reply) throws SessionEndedException {
    boolean taken = isAccepted(reply, "the message");
    for (int index : accepted) {
      results[index] =
          taken
              ? new Relayed(reason(reply, ReplyStatus.Stage.DATA), peer.offers(Extension.DSN))
              : failed(reply, ReplyStatus.Stage.DATA);
    }
  }

  private RecipientResult failed(PeerReply reply, ReplyStatus.Stage stage) {
    Reason reason = reason(reply, stage);
    return reply.isPermanentFailure() && !session.isOperatorsBusiness(reply)
        ? new Refused(reason)
        : new Deferred(reason);
  }

  private Reason reason(PeerReply reply, ReplyStatus.Stage stage) {
    return new Reason(ReplyStatus.of(reply, stage), reply.toString(), dialogue.peer());
  }

  /** Where octets go. */
  @FunctionalInterface
  private interface Sink {
    void write(byte[] octets, int offset, int length) throws IOException;
  }

  /** Keeps the last octet until the end may come. */
  private static final class AllButLast implements Sink {
    private final Sink sink;
    private long left;
    private byte @Nullable [] last;

    AllButLast(Sink sink, long size) {
      this.sink = sink;
      this.left = size;
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      left -= length;
      boolean isEnd = left == 0 && length > 0;
      int first = isEnd ? length - 1 : length;
      sink.write(octets, offset, first);
      if (isEnd) {
        last = new byte[] {octets[offset + first]};
      }
    }

    void finish() throws IOException {
      if (last != null) {
        sink.write(last, 0, 1);
      }
    }
  }

  /** As many octets as were announced, not one more. */
  private static final class Measured extends OutputStream {
    private final Sink sink;
    private long left;

    Measured(Sink sink, long left) {
      this.sink = sink;
      this.left = left;
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      left -= length;
      if (left < 0) {
        throw new IOException("the message is longer than it was said to be");
      }
      sink.write(octets, offset, length);
    }
  }
}
