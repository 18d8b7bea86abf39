package org.everpost.wire.mtasts;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * What a domain demands of those who send mail to it (RFC 8461 §3.2).
 *
 * @param mx the names its servers may have; empty only with {@link Mode#NONE}
 * @param maxAge how long it counts
 */
public record MtaStsPolicy(Mode mode, List<MxPattern> mx, Duration maxAge) {

  /** §3.3 suggests to take no longer ones. */
  public static final int MAX_OCTETS = 64 * 1024;

  /** §3.2: a year, 31557600 seconds. */
  static final Duration LONGEST = Duration.ofHours(8766);

  static final int MAX_PATTERNS = 500;

  public MtaStsPolicy {
    Objects.requireNonNull(mode, "mode");
    mx = List.copyOf(mx);
    if (mx.isEmpty() && mode != Mode.NONE) {
      throw new IllegalArgumentException("a policy names servers");
    }
  }

  /** What to do if no server fits (§5). */
  public enum Mode {
    /** Do not deliver. */
    ENFORCE,
    /** Deliver, and report. */
    TESTING,
    /** There is no policy any more. */
    NONE
  }

  /**
   * A name of a server, or all names one label below another (§4.1).
   *
   * @param wildcard whether exactly one label more is meant
   */
  public record MxPattern(DomainName name, boolean wildcard) {

    boolean matches(DomainName host) {
      String ascii = host.ascii();
      return wildcard
          ? ascii.substring(ascii.indexOf('.') + 1).equals(name.ascii()) && ascii.indexOf('.') > 0
          : host.equals(name);
    }

    private static MxPattern of(String text) {
      boolean wildcard = text.startsWith("*.");
      return new MxPattern(DomainName.of(wildcard ? text.substring(2) : text), wildcard);
    }

    /** As it stands in a policy. */
    @Override
    public String toString() {
      return wildcard ? "*." + name : name.ascii();
    }
  }

  /** Whether the policy allows a server of that name. */
  public boolean allows(DomainName host) {
    return mx.stream().anyMatch(p -> p.matches(host));
  }

  /** Parses a policy file. */
  public static MtaStsPolicy parse(byte[] file) throws MtaStsSyntaxException {
    if (file.length > MAX_OCTETS) {
      throw new MtaStsSyntaxException("the policy is too long");
    }
    Fields fields = new Fields();
    for (String line : new String(file, StandardCharsets.UTF_8).split("\r?\n", -1)) {
      if (!line.isBlank()) {
        fields.add(line);
      }
    }
    return fields.policy();
  }

  /** What is found, line by line; of all but {@code mx} the first counts. */
  private static final class Fields {
    private @Nullable String version;
    private @Nullable String mode;
    private @Nullable String maxAge;
    private final List<MxPattern> mx = new ArrayList<>();

    void add(String line) throws MtaStsSyntaxException {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new MtaStsSyntaxException("a line of the policy has no field");
      }
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon)) {
        case "version" -> version = version == null ? value : version;
        case "mode" -> mode = mode == null ? value : mode;
        case "max_age" -> maxAge = maxAge == null ? value : maxAge;
        case "mx" -> addMx(value);
        default -> {} // §3.2: unknown fields are ignored
      }
    }

    private void addMx(String value) throws MtaStsSyntaxException {
      if (mx.size() == MAX_PATTERNS) {
        throw new MtaStsSyntaxException("the policy names too many servers");
      }
      try {
        mx.add(MxPattern.of(value));
      } catch (IllegalArgumentException e) {
        throw new MtaStsSyntaxException("the policy has an mx that is no name");
      }
    }

    MtaStsPolicy policy() throws MtaStsSyntaxException {
      if (!"STSv1".equals(version)) {
        throw new MtaStsSyntaxException("the policy is of another version");
      }
      if (maxAge == null || !maxAge.matches("[0-9]{1,10}")) {
        throw new MtaStsSyntaxException("the policy has no max_age");
      }
      Duration age = Duration.ofSeconds(Long.parseLong(maxAge));
      Mode parsed = mode();
      if (mx.isEmpty() && parsed != Mode.NONE) {
        throw new MtaStsSyntaxException("the policy names no server");
      }
      return new MtaStsPolicy(parsed, mx, age.compareTo(LONGEST) > 0 ? LONGEST : age);
    }

    private Mode mode() throws MtaStsSyntaxException {
      return switch (mode) {
        case "enforce" -> Mode.ENFORCE;
        case "testing" -> Mode.TESTING;
        case "none" -> Mode.NONE;
        case null, default -> throw new MtaStsSyntaxException("the policy has no mode");
      };
    }
  }
}
