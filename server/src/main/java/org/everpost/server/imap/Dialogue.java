package org.everpost.server.imap;

import java.util.EnumSet;
import java.util.Set;
import org.everpost.server.net.Connection;

/** What a handler sees of its session: the way to the client, the state and what is switched on. */
final class Dialogue {
  private final Connection connection;
  private final Responses out;
  private final Set<Feature> features = EnumSet.noneOf(Feature.class);
  private State state = new State.NotAuthenticated();
  private boolean compressed;
  private int failedLogins;
  private String tag = "";

  Dialogue(Connection connection) {
    this.connection = connection;
    this.out = new Responses(connection);
  }

  Connection connection() {
    return connection;
  }

  Responses out() {
    return out;
  }

  State state() {
    return state;
  }

  void state(State next) {
    state = next;
  }

  /** Of the command under way. */
  String tag() {
    return tag;
  }

  void tag(String next) {
    tag = next;
  }

  boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** Whether MODSEQs are told with flags (RFC 7162 §3.1). */
  boolean condstore() {
    return features.contains(Feature.CONDSTORE);
  }

  /** Whether mailbox names are UTF-8 (RFC 9051 §5.1, RFC 6855 §3). */
  boolean utf8() {
    return features.contains(Feature.IMAP4REV2) || features.contains(Feature.UTF8_ACCEPT);
  }

  /**
   * @return whether it was off
   */
  boolean enable(Feature feature) {
    boolean added = features.add(feature);
    out.utf8(utf8());
    return added;
  }

  /** RFC 8437 §2: as after the greeting. */
  void reset() {
    features.clear();
    out.utf8(false);
    state = new State.NotAuthenticated();
  }

  boolean compressed() {
    return compressed;
  }

  void setCompressed() {
    compressed = true;
  }

  /** Counts a failed login; returns how many there were. */
  int failedLogin() {
    return ++failedLogins;
  }
}
