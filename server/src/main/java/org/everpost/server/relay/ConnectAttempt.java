package org.everpost.server.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.everpost.core.spool.Reason;
import org.everpost.core.spool.TlsDemand;
import org.everpost.server.net.Connection;
import org.everpost.server.relay.OpeningFailedException.Kind;
import org.everpost.server.relay.ServerPolicies.Decision;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.jspecify.annotations.Nullable;

/** One search for a server that takes a destination's mail, with its limits. */
final class ConnectAttempt {

  /** So many hosts are looked up at the same time. */
  private static final int LOOKUPS = 8;

  private final RelayParts parts;
  private final TlsDemand tls;
  private final Permission permission;
  private final long until;
  private int addressesLeft;
  private boolean over;

  /** Whether there were more addresses than one attempt may try. */
  private boolean someLeft;

  /** Why the last server could not be used, and whether none ever can. */
  private @Nullable Reason reason;

  private boolean permanent = true;

  /** Whether the operator chose the server, who then has to mend what is wrong with that. */
  private boolean chosen;

  private @Nullable Reason unwelcome;

  /** A host with addresses that were no use lately. */
  private record Later(PeerServer server, List<InetSocketAddress> addresses) {}

  ConnectAttempt(RelayParts parts, TlsDemand tls, Permission permission) {
    this.parts = parts;
    this.tls = tls;
    this.permission = permission;
    this.until = parts.clock().nanoTime() + parts.settings().limits().attempt().toNanos();
    this.addressesLeft = parts.settings().limits().addresses();
  }

  Relay.Attempt run(NextHop hop) {
    RelayConnection connection =
        switch (hop) {
          case NextHop.Nowhere nowhere -> {
            note(nowhere.permanent(), nowhere.reason());
            yield null;
          }
          case NextHop.Address address -> {
            chosen = address.chosen();
            yield literal(address);
          }
          case NextHop.Hosts hosts -> {
            chosen = hosts.domain() == null;
            yield hosts(hosts);
          }
        };
    if (connection != null) {
      return new Relay.Attempt.Connected(connection);
    }
    if (unwelcome != null) {
      return new Relay.Attempt.Unwelcome(unwelcome);
    }
    Reason last = reason == null ? why("4.4.7", "There was no time to try any server") : reason;
    return new Relay.Attempt.Failed(
        last, permanent && reason != null && !someLeft && !isCutShort());
  }

  private @Nullable RelayConnection literal(NextHop.Address hop) {
    InetSocketAddress address = new InetSocketAddress(hop.address(), hop.port());
    if (parts.own().isOurs(address)) {
      return loop(hop.address().getHostAddress());
    }
    return switch (parts.policies().of(hop, tls)) {
      case Decision.PassOver pass -> {
        note(pass.permanent(), pass.reason());
        yield null;
      }
      case Decision.Use use -> server(use.server(), List.of(address));
    };
  }

  private @Nullable RelayConnection hosts(NextHop.Hosts hop) {
    List<Later> dead = new ArrayList<>();
    for (List<DomainName> group : hop.groups()) {
      List<HostAddresses> found = addresses(group);
      if (found.size() < group.size()) {
        break; // there is no time left
      }
      if (found.stream().flatMap(f -> f.addresses().stream()).anyMatch(a -> isOurs(a, hop))) {
        // RFC 5321 §5.1: those of our own preference, and all after them, would come back to us.
        loop(String.valueOf(hop.domain()));
        break;
      }
      for (int i = 0; i < group.size() && mayGoOn(); i++) {
        RelayConnection connection = host(hop, group.get(i), found.get(i), dead);
        if (connection != null) {
          return connection;
        }
      }
    }
    over = false; // those that did not answer lately are better than the one that is ourselves
    for (Later later : dead) {
      RelayConnection connection = mayGoOn() ? server(later.server, later.addresses) : null;
      if (connection != null) {
        return connection;
      }
    }
    return null;
  }

  /** Those of all hosts, as one of them may be ourselves; of less if that takes too long. */
  private List<HostAddresses> addresses(List<DomainName> group) {
    List<HostAddresses> found = new ArrayList<>();
    for (int from = 0; from < group.size() && mayGoOn(); from += LOOKUPS) {
      List<DomainName> next = group.subList(from, Math.min(from + LOOKUPS, group.size()));
      found.addAll(HostAddresses.of(next, parts.resolver(), parts.random()));
    }
    return found;
  }

  private boolean isOurs(InetAddress address, NextHop.Hosts hop) {
    return parts.own().isOurs(new InetSocketAddress(address, hop.port()));
  }

  private @Nullable RelayConnection loop(String name) {
    // If a better server just did not answer, it will some day.
    noteFinal(why("5.4.6", "The mail for " + name + " leads back to this server"));
    over = true;
    return null;
  }

  private @Nullable RelayConnection host(
      NextHop.Hosts hop, DomainName host, HostAddresses found, List<Later> dead) {
    if (found.addresses().isEmpty()) {
      if (found.failure() != null) {
        note(false, why("4.4.3", "No address of " + host + " just now: " + found.failure()));
      } else {
        String status = hop.implicit() ? "5.1.2" : "5.4.4";
        noteFinal(why(status, "The mail server " + host + " has no address"));
      }
      return null;
    }
    return switch (parts.policies().of(hop, host, found, tls)) {
      case Decision.PassOver pass -> {
        note(pass.permanent(), pass.reason());
        yield null;
      }
      case Decision.Use use -> {
        List<InetSocketAddress> all =
            found.addresses().stream().map(a -> new InetSocketAddress(a, hop.port())).toList();
        var parted = all.stream().collect(Collectors.partitioningBy(parts.dead()::contains));
        List<InetSocketAddress> silent = parted.getOrDefault(true, List.of());
        if (!silent.isEmpty()) {
          dead.add(new Later(use.server(), silent));
        }
        yield server(use.server(), parted.getOrDefault(false, List.of()));
      }
    };
  }

  /** Tries the addresses of one host. */
  private @Nullable RelayConnection server(PeerServer server, List<InetSocketAddress> addresses) {
    List<InetSocketAddress> rest = new ArrayList<>(addresses);
    while (!rest.isEmpty() && mayGoOn()) {
      List<InetSocketAddress> next = rest.subList(0, Math.min(rest.size(), addressesLeft));
      AddressRace.Finish finish = parts.race().run(List.copyOf(next), left());
      for (AddressRace.Refused refused : finish.refused()) {
        parts.dead().add(refused.address());
        rest.remove(refused.address());
        addressesLeft--;
        note(
            false,
            why(
                "4.4.1",
                "%s[%s]:%d: %s"
                    .formatted(
                        server.name(),
                        refused.address().getAddress().getHostAddress(),
                        refused.address().getPort(),
                        refused.reason())));
      }
      Connection connection = finish.connection();
      if (connection == null) {
        return null;
      }
      rest.remove(connection.peer());
      addressesLeft--;
      RelayConnection session = session(server, connection);
      if (session != null) {
        return session;
      }
    }
    return null;
  }

  private @Nullable RelayConnection session(PeerServer server, Connection connection) {
    InetSocketAddress address = connection.peer();
    try {
      connection.endWithin(left());
      RelayConnection session;
      try {
        session = parts.opening().open(connection, server, false, permission);
      } catch (OpeningFailedException e) {
        if (e.kind() != Kind.HANDSHAKE || !mayGoOn()) {
          throw e;
        }
        Connection again = parts.race().connect(address, left());
        again.endWithin(left());
        session = parts.opening().open(again, server, true, permission);
      }
      parts.dead().remove(address);
      return session;
    } catch (OpeningFailedException e) {
      switch (e.kind()) {
        case TEMPORARY, HANDSHAKE -> note(false, e.reason());
        case PERMANENT -> note(true, e.reason());
        case UNWELCOME, LOOP -> noteFinal(e.reason());
      }
      over |= e.kind() == Kind.LOOP;
      boolean silent = e.reason().peer() == null && e.reason().status().subject() == 4;
      if (silent || e.kind() == Kind.UNWELCOME) {
        parts.dead().add(address); // the next attempt gets to those that this one does not
      }
    } catch (IOException e) {
      note(false, why("4.4.1", server.name() + ": " + org.everpost.core.event.Reason.of(e)));
    }
    return null;
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(until - parts.clock().nanoTime(), 1));
  }

  /** Whether what is left may be tried. */
  private boolean mayGoOn() {
    someLeft |= !over && addressesLeft <= 0;
    return !over && addressesLeft > 0 && !isCutShort();
  }

  /** Whether the end came before all that there is to be tried: nobody knows what that had been. */
  private boolean isCutShort() {
    return permission.whyNot(Permission.Step.BEGIN) != null
        || until - parts.clock().nanoTime() <= 0
        || Thread.currentThread().isInterrupted();
  }

  /** What is final for the server: for every message, unless the server can be changed. */
  private void noteFinal(Reason why) {
    if (chosen) {
      unwelcome = why;
    } else {
      note(true, why);
    }
  }

  private void note(boolean forEver, Reason why) {
    // Of the two the temporary one decides, so it is the one to be told.
    if (reason == null || !forEver || permanent) {
      reason = why;
    }
    permanent &= forEver;
  }

  private static Reason why(String status, String text) {
    return new Reason(EnhancedStatusCode.of(status), text, null);
  }
}
