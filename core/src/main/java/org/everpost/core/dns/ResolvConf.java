package org.everpost.core.dns;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The system's resolver file, {@code /etc/resolv.conf}: of it the name servers, and whether the
 * operator trusts their AD bit. Search lists and the like are for names people type; ours are
 * absolute.
 *
 * @param servers where the file names none, or is not there: the one on this machine, as the
 *     system's own resolver takes it
 */
public record ResolvConf(List<InetSocketAddress> servers, boolean trustAd) {

  private static final Path SYSTEM = Path.of("/etc/resolv.conf");
  private static final int MAX_OCTETS = 1 << 16;

  /** As many as the system's own resolver reads. */
  private static final int MAX_SERVERS = 3;

  private static final int PORT = 53;
  private static final InetSocketAddress LOCAL =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT);
  private static final Pattern BLANK = Pattern.compile("\\s+");

  public ResolvConf {
    servers = servers.isEmpty() ? List.of(LOCAL) : List.copyOf(servers);
  }

  /** This computer's. */
  public static ResolvConf system() {
    return read(SYSTEM);
  }

  /** What cannot be read says nothing. */
  static ResolvConf read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return parse(new String(in.readNBytes(MAX_OCTETS), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return parse("");
    }
  }

  /** Lines that make no sense are passed over, as the system does. */
  static ResolvConf parse(String text) {
    List<InetSocketAddress> servers = new ArrayList<>();
    boolean trustAd = false;
    for (String line : text.lines().toList()) {
      List<String> words = List.of(BLANK.split(line.strip()));
      if (words.getFirst().equals("options")) {
        trustAd |= words.contains("trust-ad");
      } else if (words.getFirst().equals("nameserver") && words.size() > 1) {
        InetAddress address = address(words.get(1));
        if (address != null && servers.size() < MAX_SERVERS) {
          servers.add(new InetSocketAddress(address, PORT));
        }
      }
    }
    return new ResolvConf(servers, trustAd);
  }

  private static @Nullable InetAddress address(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
