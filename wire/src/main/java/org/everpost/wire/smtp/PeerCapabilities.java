package org.everpost.wire.smtp;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a peer offers in its answer to EHLO (RFC 5321 §4.1.1.1). What it gets wrong there it does
 * not offer.
 *
 * @param maxSize RFC 1870 §3, in octets; {@link #UNLIMITED} if it names no limit
 * @param authMechanisms RFC 4954 §3, in upper case
 * @param limits RFC 9422
 */
public record PeerCapabilities(
    Set<Extension> extensions, long maxSize, Set<String> authMechanisms, Limits limits) {

  public static final long UNLIMITED = Long.MAX_VALUE;

  /** Of a peer that knows no EHLO. */
  public static final PeerCapabilities NONE =
      new PeerCapabilities(Set.of(), UNLIMITED, Set.of(), Limits.NONE);

  private static final int MAX_MECHANISMS = 32;

  public PeerCapabilities {
    extensions = Set.copyOf(extensions);
    authMechanisms = Set.copyOf(authMechanisms);
  }

  /** A service extension that changes what we do. */
  public enum Extension {
    /** RFC 2920. */
    PIPELINING("PIPELINING"),
    /** RFC 1870. */
    SIZE("SIZE"),
    /** RFC 6152. */
    EIGHT_BIT_MIME("8BITMIME"),
    /** RFC 3030 §3; counts only beside CHUNKING. */
    BINARY_MIME("BINARYMIME"),
    /** RFC 3030 §2. */
    CHUNKING("CHUNKING"),
    /** RFC 6531. */
    SMTPUTF8("SMTPUTF8"),
    /** RFC 3461. */
    DSN("DSN"),
    /** RFC 3207. */
    STARTTLS("STARTTLS"),
    /** RFC 4954. */
    AUTH("AUTH"),
    /** RFC 2034. */
    ENHANCED_STATUS_CODES("ENHANCEDSTATUSCODES"),
    /** RFC 8689; counts only after STARTTLS. */
    REQUIRE_TLS("REQUIRETLS"),
    /** RFC 9422. */
    LIMITS("LIMITS");

    private final String keyword;

    Extension(String keyword) {
      this.keyword = keyword;
    }

    /** As it stands in the answer to EHLO. */
    public String keyword() {
      return keyword;
    }
  }

  /**
   * How much the peer takes (RFC 9422 §4); {@link Integer#MAX_VALUE} where it sets no limit.
   *
   * @param mailMax transactions in one session
   * @param rcptMax recipients in one transaction
   * @param rcptDomainMax different domains of recipients in one transaction
   */
  public record Limits(int mailMax, int rcptMax, int rcptDomainMax) {

    public static final Limits NONE =
        new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    private static Limits of(String parameters) {
      int mailMax = Integer.MAX_VALUE;
      int rcptMax = Integer.MAX_VALUE;
      int rcptDomainMax = Integer.MAX_VALUE;
      for (String parameter : parameters.split(" +", -1)) {
        int equals = parameter.indexOf('=');
        int value = (int) number(parameter.substring(equals + 1), Integer.MAX_VALUE);
        if (equals < 0 || value == 0) {
          continue; // §3: what makes no sense is ignored
        }
        switch (parameter.substring(0, equals).toUpperCase(Locale.ROOT)) {
          case "MAILMAX" -> mailMax = value;
          case "RCPTMAX" -> rcptMax = value;
          case "RCPTDOMAINMAX" -> rcptDomainMax = value;
          default -> {} // §3: unknown ones are ignored
        }
      }
      return new Limits(mailMax, rcptMax, rcptDomainMax);
    }
  }

  /** Of a reply to EHLO that {@link PeerReply#isCompleted}. */
  public static PeerCapabilities of(PeerReply ehlo) {
    Set<Extension> extensions = EnumSet.noneOf(Extension.class);
    Set<String> mechanisms = new HashSet<>();
    long maxSize = UNLIMITED;
    Limits limits = Limits.NONE;
    List<String> lines = ehlo.lines();
    for (String line : lines.subList(1, lines.size())) {
      String text = line.strip();
      int space = text.indexOf(' ');
      String keyword = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
      String rest = space < 0 ? "" : text.substring(space + 1).strip();
      if (keyword.startsWith("AUTH=")) {
        // What old Outlook versions wanted to see; some servers say nothing else.
        rest = keyword.substring(5) + " " + rest;
        keyword = "AUTH";
      }
      Extension extension = extension(keyword);
      if (extension == null) {
        continue;
      }
      extensions.add(extension);
      switch (extension) {
        case SIZE -> maxSize = number(rest, UNLIMITED);
        case AUTH -> addMechanisms(rest, mechanisms);
        case LIMITS -> limits = Limits.of(rest);
        default -> {} // has no parameters
      }
    }
    if (!extensions.contains(Extension.CHUNKING)) {
      extensions.remove(Extension.BINARY_MIME);
    }
    // RFC 1870 §4: zero says that there is no fixed limit.
    return new PeerCapabilities(extensions, maxSize == 0 ? UNLIMITED : maxSize, mechanisms, limits);
  }

  public boolean offers(Extension extension) {
    return extensions.contains(extension);
  }

  private static @Nullable Extension extension(String keyword) {
    for (Extension extension : Extension.values()) {
      if (extension.keyword.equals(keyword)) {
        return extension;
      }
    }
    return null;
  }

  private static void addMechanisms(String names, Set<String> mechanisms) {
    for (String name : names.toUpperCase(Locale.ROOT).split(" +", -1)) {
      // RFC 4422 §3.1.
      if (mechanisms.size() < MAX_MECHANISMS && name.matches("[A-Z0-9_-]{1,20}")) {
        mechanisms.add(name);
      }
    }
  }

  /** Decimal digits; {@code most} if they are more than that or something else. */
  private static long number(String digits, long most) {
    if (digits.isEmpty()) {
      return most;
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9 || value > (most - digit) / 10) {
        return most;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
