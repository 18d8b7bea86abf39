package org.everpost.server.imap;

import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.everpost.core.mailbox.AccountView;
import org.everpost.core.mailbox.MailboxNames;
import org.everpost.core.mailbox.MailboxView;
import org.jspecify.annotations.Nullable;

/** The names LIST goes over: mailboxes, subscriptions, and the levels above them. */
final class MailboxTree {
  private static final String SEPARATOR = String.valueOf(MailboxNames.SEPARATOR);

  /** A level that is no mailbox itself has no value's view. */
  private final NavigableMap<String, Node> nodes = new TreeMap<>();

  private final NavigableSet<String> subscriptions;

  /**
   * @param view null if no mailbox has that name
   * @param levelOnly neither a mailbox nor subscribed, but above one that is a mailbox
   */
  record Node(String name, @Nullable MailboxView view, boolean levelOnly) {}

  MailboxTree(AccountView account) {
    this.subscriptions = account.subscriptions();
    for (String name : subscriptions) {
      nodes.put(name, new Node(name, null, false));
    }
    for (MailboxView mailbox : account.mailboxes()) {
      String name = mailbox.name();
      nodes.put(name, new Node(name, mailbox, false));
      for (int end = name.lastIndexOf(SEPARATOR); end > 0; ) {
        String above = name.substring(0, end);
        nodes.putIfAbsent(above, new Node(above, null, true));
        end = above.lastIndexOf(SEPARATOR);
      }
    }
  }

  Iterable<Node> nodes() {
    return nodes.values();
  }

  boolean isSubscribed(String name) {
    return subscriptions.contains(name);
  }

  /** Whether a subscribed name lies below. */
  boolean hasSubscribedBelow(String name) {
    return isBelow(subscriptions.ceiling(name + SEPARATOR), name);
  }

  /** Whether a mailbox lies below (RFC 9051 §7.3.1, {@code \HasChildren}). */
  boolean hasChildren(String name) {
    String below = nodes.ceilingKey(name + SEPARATOR);
    while (isBelow(below, name)) {
      Node node = nodes.get(below);
      if (node != null && (node.view() != null || node.levelOnly())) {
        return true;
      }
      below = nodes.higherKey(below);
    }
    return false;
  }

  private static boolean isBelow(@Nullable String other, String name) {
    return other != null && other.startsWith(name + SEPARATOR);
  }
}
