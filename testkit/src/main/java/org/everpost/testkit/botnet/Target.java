package org.everpost.testkit.botnet;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * The server under attack.
 *
 * @param ports on 127.0.0.1; what is not offered is missing
 * @param mailboxes addresses that exist
 * @param password of all of them
 */
public record Target(Map<Service, Integer> ports, List<String> mailboxes, String password) {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  public Target {
    ports = Map.copyOf(ports);
    mailboxes = List.copyOf(mailboxes);
    if (mailboxes.isEmpty()) {
      throw new IllegalArgumentException("no mailboxes");
    }
  }

  boolean offers(Service service) {
    return ports.containsKey(service);
  }

  InetSocketAddress address(Service service) {
    Integer port = ports.get(service);
    if (port == null) {
      throw new IllegalArgumentException("the target does not offer " + service);
    }
    return new InetSocketAddress(LOOPBACK, port);
  }

  /** One of the mailboxes. */
  String mailbox(int number) {
    return mailboxes.get(Math.floorMod(number, mailboxes.size()));
  }

  String domain() {
    String first = mailboxes.getFirst();
    return first.substring(first.lastIndexOf('@') + 1);
  }
}
