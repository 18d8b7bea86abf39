package org.everpost.wire.tlsrpt;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a domain wants its reports (RFC 8460 §3).
 *
 * @param destinations at least one
 */
public record TlsRptRecord(List<Destination> destinations) {

  private static final String VERSION = "v=TLSRPTv1";
  private static final int MAX_LENGTH = 4000;

  /** Nobody has more, and each costs a delivery. */
  static final int MAX_DESTINATIONS = 5;

  public TlsRptRecord {
    destinations = List.copyOf(destinations);
    if (destinations.isEmpty()) {
      throw new IllegalArgumentException("a record says where reports go");
    }
  }

  /** Where reports go. */
  public sealed interface Destination {

    /** By mail. */
    record Mailto(EmailAddress address) implements Destination {}

    /** By POST. */
    record Https(URI uri) implements Destination {}
  }

  /** Where the record of a domain is; null if its name is too long to have one. */
  public static @Nullable DomainName nameOf(DomainName domain) {
    return domain.below("_smtp._tls");
  }

  /**
   * The one record among the TXT records of a name; null if there is none that says where, or
   * several.
   *
   * @param texts the strings of each joined
   */
  public static @Nullable TlsRptRecord of(List<String> texts) {
    List<String> candidates = texts.stream().filter(TlsRptRecord::isCandidate).toList();
    if (candidates.size() != 1) {
      return null;
    }
    List<Destination> destinations = new ArrayList<>();
    for (String field : candidates.getFirst().split(";", -1)) {
      String text = field.strip();
      if (!text.startsWith("rua=")) {
        continue;
      }
      for (String uri : text.substring(4).split(",", -1)) {
        Destination destination = destination(uri.strip());
        if (destination != null
            && destinations.size() < MAX_DESTINATIONS
            && !destinations.contains(destination)) {
          destinations.add(destination);
        }
      }
    }
    return destinations.isEmpty() ? null : new TlsRptRecord(destinations);
  }

  private static boolean isCandidate(String text) {
    return text.length() <= MAX_LENGTH
        && text.startsWith(VERSION)
        && text.substring(VERSION.length()).stripLeading().startsWith(";");
  }

  /** Null if it is none that we can use. */
  private static @Nullable Destination destination(String text) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      return switch (scheme) {
        case "mailto" -> mailto(address(uri.getRawSchemeSpecificPart()));
        case "https" ->
            uri.getHost() == null || uri.getRawUserInfo() != null
                ? null
                : new Destination.Https(uri);
        default -> null;
      };
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable Destination mailto(EmailAddress address) {
    return address.isInternationalised() ? null : new Destination.Mailto(address);
  }

  /** Without what may follow it (RFC 6068 §2). */
  private static EmailAddress address(String part) {
    int question = part.indexOf('?');
    return EmailAddress.of(decoded(question < 0 ? part : part.substring(0, question)));
  }

  private static String decoded(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < octets.length; i++) {
      byte octet = octets[i];
      if (octet == '%') { // a URI has two digits here
        octet =
            (byte) (Character.digit(octets[i + 1], 16) << 4 | Character.digit(octets[i + 2], 16));
        i += 2;
      }
      octets[length++] = octet;
    }
    return new String(octets, 0, length, StandardCharsets.UTF_8);
  }
}
