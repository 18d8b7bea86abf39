package org.everpost.server.guard;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.Resolver;
import org.everpost.core.peer.DnsList;
import org.everpost.core.time.Clock;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What name servers say of peers, asked for all at once, within a deadline and within the budget of
 * the resolver, and remembered. What is not known in time counts as nothing said. Safe for any
 * number of threads.
 */
public final class Standings {

  private static final Duration DEADLINE = Duration.ofSeconds(3);
  private static final Duration MEMORY = Duration.ofHours(1);

  /** How soon those are asked for again of whom nothing could be learned. */
  private static final Duration RETRY = Duration.ofMinutes(1);

  private static final int MAX_REMEMBERED = 50_000;

  private static final InetAddress NEVER_LISTED = InetAddress.ofLiteral("127.0.0.1");

  /** Nobody sends mail from where documents have their examples. */
  private static final InetAddress SOMEBODY = InetAddress.ofLiteral("203.0.113.253");

  private static final InetAddress SOMEBODY_IPV6 = InetAddress.ofLiteral("2001:db8:a11::25");

  /** An address with more names than this is looked at no further. */
  private static final int MAX_NAMES = 5;

  private final Resolver resolver;
  private final SenderPolicy policy;
  private final List<DnsList> blockLists;
  private final List<DnsList> allowLists;
  private final int blockFrom;
  private final Clock clock;
  private final Cache<InetAddress, Facts> remembered;
  private final Map<InetAddress, CompletableFuture<Facts>> underWay = new ConcurrentHashMap<>();

  /** Whether the domain of a sender lets a peer send its mail. */
  @FunctionalInterface
  public interface SenderPolicy {
    /** Whether SPF passes (RFC 7208 §2.6.3); whatever else it says is no. */
    boolean passes(InetAddress peer, Envelope envelope);
  }

  /**
   * @param name one that leads back to the address; empty: none
   * @param complete whether all that was asked for was answered
   */
  private record Facts(
      List<DnsList> blocking, List<DnsList> allowing, String name, boolean complete, long until) {}

  /**
   * @param blockFrom from which sum of weights on a peer is blocked
   */
  public Standings(
      Resolver resolver,
      SenderPolicy policy,
      List<DnsList> blockLists,
      List<DnsList> allowLists,
      int blockFrom,
      Clock clock) {
    this.resolver = resolver;
    this.policy = policy;
    this.blockLists = List.copyOf(blockLists);
    this.allowLists = List.copyOf(allowLists);
    this.blockFrom = blockFrom;
    this.clock = clock;
    this.remembered =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(MEMORY)
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .build();
  }

  /** What is said of a peer by its address alone. */
  Standing of(InetAddress address) {
    return standing(facts(address));
  }

  private Standing standing(Facts facts) {
    if (facts.blocking.stream().mapToInt(DnsList::weight).sum() >= blockFrom) {
      return new Standing(true, false, "listed by " + zones(facts.blocking));
    }
    if (!facts.allowing.isEmpty()) {
      return new Standing(false, true, "vouched for by " + zones(facts.allowing));
    }
    String name =
        facts.name.isEmpty() ? "no name leads back to its address" : "its name is " + facts.name;
    return new Standing(
        false, false, facts.complete ? name : name + "; name servers did not answer all");
  }

  /** What is said of a peer that brings a message. */
  Standing of(InetAddress address, Envelope envelope) {
    Standing standing = of(address);
    if (standing.blocked() || standing.trusted() || facts(address).name.isEmpty()) {
      return standing;
    }
    return vouches(address, envelope)
        ? new Standing(false, true, standing.why() + ", and SPF passes")
        : standing;
  }

  /** A domain that lets everybody send its mail vouches for nobody. */
  private boolean vouches(InetAddress address, Envelope envelope) {
    return policy.passes(address, envelope)
        && !policy.passes(address instanceof Inet4Address ? SOMEBODY : SOMEBODY_IPV6, envelope);
  }

  private static String zones(List<DnsList> lists) {
    return String.join(", ", lists.stream().map(list -> list.zone().ascii()).toList());
  }

  /** What was said of a peer lately; nobody is asked. */
  Standing remembered(InetAddress address) {
    Facts known = remembered.getIfPresent(address);
    return known == null ? Standing.UNKNOWN : standing(known);
  }

  /** What was said lately; if that was long ago and there are block lists, asks them beside. */
  Standing glimpse(InetAddress address) {
    if (!blockLists.isEmpty() && !isFresh(remembered.getIfPresent(address))) {
      Thread.ofVirtual().name("guard-dns").start(() -> facts(address));
    }
    return remembered(address);
  }

  private boolean isFresh(@Nullable Facts facts) {
    return facts != null && facts.until - clock.nanoTime() > 0;
  }

  /** Asks anew when a peer comes again. */
  void forget(InetAddress address) {
    remembered.invalidate(address);
  }

  private Facts facts(InetAddress address) {
    Facts known = remembered.getIfPresent(address);
    if (known != null && isFresh(known)) {
      return known;
    }
    CompletableFuture<Facts> mine = new CompletableFuture<>();
    CompletableFuture<Facts> others = underWay.putIfAbsent(address, mine);
    if (others != null) {
      return others.join(); // whoever asks completes it within the deadline
    }
    Facts facts = new Facts(List.of(), List.of(), "", false, clock.nanoTime() + RETRY.toNanos());
    try {
      facts = ask(address);
      remembered.put(address, facts);
    } finally {
      underWay.remove(address);
      mine.complete(facts);
    }
    return facts;
  }

  private Facts ask(InetAddress address) {
    long until = clock.nanoTime() + DEADLINE.toNanos();
    CompletableFuture<String> name = beside(() -> confirmedName(address));
    Map<DnsList, CompletableFuture<Boolean>> asked = new LinkedHashMap<>();
    Stream.concat(blockLists.stream(), allowLists.stream())
        .forEach(list -> asked.computeIfAbsent(list, l -> beside(() -> lists(l, address))));
    String found = get(name, until, "");
    List<DnsList> has = new ArrayList<>();
    asked.forEach((list, answer) -> {
      if (get(answer, until, false)) {
        has.add(list);
      }
    });
    boolean complete = isAnswered(name) && asked.values().stream().allMatch(Standings::isAnswered);
    return new Facts(
        blockLists.stream().filter(has::contains).toList(),
        allowLists.stream().filter(has::contains).toList(),
        found,
        complete,
        clock.nanoTime() + (complete ? MEMORY : RETRY).toNanos());
  }

  private static <T> CompletableFuture<T> beside(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("guard-dns")
        .start(() -> {
          try {
            answer.complete(question.get());
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private <T> T get(CompletableFuture<T> answer, long until, T otherwise) {
    try {
      return answer.get(Math.max(0, until - clock.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return otherwise;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return otherwise;
    }
  }

  private static boolean isAnswered(CompletableFuture<?> answer) {
    return answer.isDone() && !answer.isCompletedExceptionally();
  }

  /** What there is; ends the question if nobody knows. */
  private static <T> List<T> records(DnsAnswer<T> answer) {
    return switch (answer) {
      case DnsAnswer.Found<T> found -> found.records();
      case DnsAnswer.None<T> _ -> List.of();
      case DnsAnswer.Failed<T>(String reason) -> throw new IllegalStateException(reason);
    };
  }

  /**
   * Whether a list has an address, and is sound: one that has 127.0.0.1 (RFC 5782 §5) has
   * everything, as lists do that were given up.
   */
  private boolean lists(DnsList list, InetAddress address) {
    return has(list, address) && !has(list, NEVER_LISTED);
  }

  private boolean has(DnsList list, InetAddress address) {
    // RFC 5782 §2.1: an answer is in 127.0.0.0/8; common lists tell their errors in 127.255/16.
    return records(resolver.ipv4(name(list, address))).stream()
        .map(InetAddress::getAddress)
        .anyMatch(octets -> octets[0] == 127 && octets[1] != (byte) 255);
  }

  /** Where a list has an address, if it does (RFC 5782 §2.1, §2.4). */
  static DomainName name(DnsList list, InetAddress address) {
    String reverse = Resolver.reverseName(address).ascii().toLowerCase(Locale.ROOT);
    String suffix = address instanceof Inet4Address ? "in-addr.arpa" : "ip6.arpa";
    return DomainName.of(
        reverse.substring(0, reverse.length() - suffix.length()) + list.zone().ascii());
  }

  /** A name of an address that has this address (RFC 8601 §2.7.3 calls it iprev). */
  private String confirmedName(InetAddress address) {
    return records(resolver.ptr(address)).stream()
        .limit(MAX_NAMES)
        .filter(name -> leadsTo(name, address))
        .map(DomainName::ascii)
        .findFirst()
        .orElse("");
  }

  private boolean leadsTo(DomainName name, InetAddress address) {
    DnsAnswer<? extends InetAddress> answer =
        address instanceof Inet4Address ? resolver.ipv4(name) : resolver.ipv6(name);
    return answer instanceof DnsAnswer.Found<? extends InetAddress> found
        && found.records().contains(address);
  }
}
