package org.everpost.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.everpost.core.config.Config;
import org.everpost.core.config.GuardConfig;
import org.everpost.core.config.StoreConfig;
import org.everpost.core.delivery.Delivery;
import org.everpost.core.directory.Directory;
import org.everpost.core.dns.CachingResolver;
import org.everpost.core.dns.Resolver;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.Reason;
import org.everpost.core.event.ServerEvent;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.core.password.Authenticator;
import org.everpost.core.password.LoginWatch;
import org.everpost.core.password.SaslLogin;
import org.everpost.core.sending.SendingMeter;
import org.everpost.core.sending.SendingRules;
import org.everpost.core.spf.Spf;
import org.everpost.core.spf.SpfResult;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.core.zone.KeyWatch;
import org.everpost.server.admin.ControlSocket;
import org.everpost.server.admin.Program;
import org.everpost.server.admin.ServerStatus;
import org.everpost.server.data.Foundation;
import org.everpost.server.data.StartException;
import org.everpost.server.guard.Guard;
import org.everpost.server.guard.GuardDesk;
import org.everpost.server.guard.GuardSettings;
import org.everpost.server.guard.Standings;
import org.everpost.server.imap.ImapParts;
import org.everpost.server.imap.ImapService;
import org.everpost.server.imap.ImapSettings;
import org.everpost.server.net.Certificates;
import org.everpost.server.net.ConnectionSettings;
import org.everpost.server.net.Listeners;
import org.everpost.server.net.Service;
import org.everpost.server.net.SessionFactory;
import org.everpost.server.outbound.Outbound;
import org.everpost.server.outbound.Queue;
import org.everpost.server.pop3.Pop3Session;
import org.everpost.server.smtp.QueuedMail;
import org.everpost.server.smtp.SendingGuard;
import org.everpost.server.smtp.SmtpLimits;
import org.everpost.server.smtp.SmtpService;
import org.everpost.server.smtp.StoredMail;

/** One server, put together from a configuration: read {@link #assemble} as the list of parts. */
public final class Server implements AutoCloseable {

  /**
   * How long things may take at the end, so that all is over within 10 s.
   *
   * @param sessions may go on with what they are at
   * @param replies of other servers to a whole message are waited for
   */
  private record Grace(Duration sessions, Duration replies) {}

  private static final Grace GRACE = new Grace(Duration.ofSeconds(3), Duration.ofMillis(7_500));

  /** A Cassandra of ours needs six seconds of the ten for itself. */
  private static final Grace SHORT_GRACE = new Grace(Duration.ofSeconds(2), Duration.ofSeconds(3));

  /** What the store, the log and everything else that is no connection needs of them. */
  private static final int OTHER_DESCRIPTORS = 600;

  private final Foundation foundation;
  private final Certificates certificates;
  private final Guard guard;
  private final Listeners listeners;
  private final WayOut wayOut;
  private final ControlSocket control;
  private final LoginWatch logins;
  private final KeyWatch keys;
  private final Clock clock;
  private final EventSink events;
  private final List<Thread> watching = new ArrayList<>();

  private Server(
      Foundation foundation,
      Certificates certificates,
      Guard guard,
      Listeners listeners,
      WayOut wayOut,
      ControlSocket control,
      LoginWatch logins,
      KeyWatch keys,
      Clock clock,
      EventSink events) {
    this.foundation = foundation;
    this.certificates = certificates;
    this.guard = guard;
    this.listeners = listeners;
    this.wayOut = wayOut;
    this.control = control;
    this.logins = logins;
    this.keys = keys;
    this.clock = clock;
    this.events = events;
  }

  /**
   * Opens everything and takes the addresses; {@link #start} accepts.
   *
   * @throws org.everpost.server.data.DataInUseException if another process has the data directory
   * @throws StartException with what else is in the way; everything is closed again
   */
  public static Server assemble(Config config, Clock clock, RandomSource random, EventSink log)
      throws StartException {
    long began = clock.nanoTime();
    EventCounts events = new EventCounts(log);
    Foundation foundation = Foundation.open(config, clock, random, events);
    try {
      Certificates certificates = certificates(config, clock, random, events);
      Directory directory = foundation.directory();
      Mailboxes mailboxes = foundation.mailboxes();
      Delivery delivery = new Delivery(mailboxes, clock, events);
      Authenticator authenticator =
          new Authenticator(
              directory, foundation.hashing(), foundation.store().hints(), clock, random, events);
      SaslLogin sasl = new SaslLogin(authenticator, random, config.auth().scram());
      CachingResolver resolver = foundation.newResolver();
      Spf spf = new Spf(resolver, config.hostname(), clock);
      Guard flood = guard(foundation, resolver.sparing(), events);
      Listeners listeners =
          new Listeners(
              ConnectionSettings.DEFAULT,
              certificates.context(),
              flood,
              config.guard().proxies(),
              clock,
              random,
              events);
      WayOut wayOut = WayOut.open(foundation, resolver, delivery, listeners, events);
      Outbound outbound = wayOut.outbound();
      SendingGuard guard =
          new SendingGuard(
              directory,
              new SendingMeter(
                  foundation.store().hints(),
                  SendingRules.of(config.sending()),
                  outbound.nodes(),
                  clock),
              (account, reason) -> outbound.holdAllOf(account.address().toString(), reason));
      long messageSize = config.limits().messageSize().octets();
      SmtpService smtp =
          new SmtpService(
              config.hostname().ascii(),
              config.sending().showClient(),
              SmtpLimits.DEFAULT.withMessageSize(messageSize),
              new StoredMail(directory, mailboxes, delivery),
              new QueuedMail(outbound, wayOut.deadEnds(), wayOut.own(), wayOut.returns(), spf),
              guard,
              sasl,
              clock,
              random,
              events);

      ImapService imap =
          new ImapService(
              new ImapParts(
                  ImapSettings.of(messageSize),
                  directory,
                  mailboxes,
                  authenticator,
                  sasl,
                  clock,
                  events));
      SessionFactory pop3 = () -> new Pop3Session(mailboxes, authenticator, sasl, events);

      Config.Listen listen = config.listen();
      listen(listeners, Service.SMTP, listen.smtp(), smtp::mx);
      listen(listeners, Service.LMTP, listen.lmtp(), smtp::lmtp);
      listen(listeners, Service.SUBMISSION, listen.submission(), smtp::submission);
      listen(listeners, Service.SUBMISSIONS, listen.submissions(), smtp::submission);
      listen(listeners, Service.IMAP, listen.imap(), imap);
      listen(listeners, Service.IMAPS, listen.imaps(), imap);
      listen(listeners, Service.POP3, listen.pop3(), pop3);
      listen(listeners, Service.POP3S, listen.pop3s(), pop3);

      GuardDesk desk = flood.desk();
      ControlSocket control =
          control(
              foundation,
              outbound.queue(),
              desk,
              new RunningStatus(
                  listeners, outbound.queue(), desk, wayOut.resolver(), events, clock, began));
      return new Server(
          foundation,
          certificates,
          flood,
          listeners,
          wayOut,
          control,
          authenticator.watch(),
          new KeyWatch(directory, foundation.keys(), wayOut.resolver(), clock, random, events),
          clock,
          events);
    } catch (StartException | RuntimeException e) {
      foundation.close();
      throw e;
    }
  }

  private static Certificates certificates(
      Config config, Clock clock, RandomSource random, EventSink events) throws StartException {
    try {
      Config.Tls tls = config.tls();
      return tls.certificate() != null && tls.key() != null
          ? Certificates.of(tls.certificate(), tls.key(), clock, events)
          : Certificates.selfSigned(
              config.data(), config.hostname().ascii(), clock, random, events);
    } catch (IOException e) {
      throw new StartException("TLS: " + Reason.of(e), e);
    }
  }

  private static Guard guard(Foundation foundation, Resolver resolver, EventSink events) {
    Config config = foundation.config();
    Clock clock = foundation.clock();
    RandomSource random = foundation.random();
    GuardConfig guard = config.guard();
    Spf spf = new Spf(resolver, config.hostname(), clock);
    Standings standings =
        new Standings(
            resolver,
            (peer, envelope) ->
                spf.check(peer, envelope.helo(), envelope.sender()).verdict()
                    == SpfResult.Verdict.PASS,
            guard.blockLists(),
            guard.allowLists(),
            guard.blockFrom(),
            clock);
    return new Guard(
        GuardSettings.of(config, descriptors(config, events)),
        standings,
        foundation.store().hints(),
        foundation.newPeerLists(),
        clock,
        random,
        events);
  }

  /** How many connections there may be with the file descriptors that the system gives. */
  private static int descriptors(Config config, EventSink events) {
    int wanted = config.limits().connections();
    long all =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? system.getMaxFileDescriptorCount()
            : Integer.MAX_VALUE;
    int possible = Math.clamp(all - OTHER_DESCRIPTORS, 1, Integer.MAX_VALUE);
    if (possible < wanted) {
      events.accept(new ServerEvent.TooFewDescriptors(all, wanted, possible));
    }
    return Math.min(wanted, possible);
  }

  private static void listen(
      Listeners listeners,
      Service service,
      List<InetSocketAddress> addresses,
      SessionFactory sessions)
      throws StartException {
    for (InetSocketAddress address : addresses) {
      try {
        listeners.listen(service, address, sessions);
      } catch (IOException e) {
        listeners.close();
        throw new StartException(
            "listen." + service.key() + ": " + Listeners.text(address) + ": " + words(e), e);
      }
    }
  }

  private static String words(IOException e) {
    String message = Reason.of(e);
    return message.contains("in use")
        ? "another program listens there already"
        : message.toLowerCase(Locale.ROOT);
  }

  private static ControlSocket control(
      Foundation foundation, Queue queue, GuardDesk desk, ServerStatus status)
      throws StartException {
    try {
      return Program.control(foundation, queue, desk, status);
    } catch (IOException e) {
      throw new StartException("the control socket cannot be made: " + Reason.of(e), e);
    }
  }

  /** Accepts connections from now on. */
  public void start() {
    watching.add(Thread.ofVirtual().name("login-watch").start(logins));
    watching.add(Thread.ofVirtual().name("key-watch").start(keys));
    wayOut.start();
    guard.start();
    listeners.start();
  }

  /** Where it listens. */
  public Map<Service, List<InetSocketAddress>> addresses() {
    return listeners.addresses();
  }

  /** Lets sessions finish what they are at, for a few seconds, then closes everything. */
  @Override
  public void close() {
    events.accept(
        new ServerEvent.Stopping(
            "asked to",
            listeners.connections().values().stream().mapToInt(Integer::intValue).sum()));
    boolean child =
        foundation.config().store() instanceof StoreConfig.Cassandra cassandra
            && cassandra.mode() == StoreConfig.Mode.MANAGED;
    long began = clock.nanoTime();
    Grace grace = child ? SHORT_GRACE : GRACE;
    try (foundation;
        control) {
      wayOut.outbound().stop();
      listeners.drain(grace.sessions());
      guard.close();
      watching.forEach(Thread::interrupt);
      wayOut.close(began + grace.sessions().toNanos(), began + grace.replies().toNanos());
      certificates.close();
    } catch (IOException e) {
      // The control socket's file could not be deleted; the next server does it.
    }
    events.accept(new ServerEvent.Stopped((clock.nanoTime() - began) / 1_000_000));
  }
}
