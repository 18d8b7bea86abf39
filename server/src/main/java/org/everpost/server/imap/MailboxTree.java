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
   * @param levelOnly no mailbox, but above one that is
   */
  record Node(String name, @Nullable MailboxView view, boolean levelOnly) {}

  MailboxTree(AccountView account) {
    this.subscriptions = account.subscriptions();
    for (MailboxView mailbox : account.mailboxes()) {
      nodes.put(mailbox.name(), new Node(mailbox.name(), mailbox, false));
      levelsAbove(mailbox.name(), true);
    }
    for (String name : subscriptions) {
      nodes.putIfAbsent(name, new Node(name, null, false));
      levelsAbove(name, false);
    }
  }

  private void levelsAbove(String name, boolean ofMailbox) {
    for (int end = name.lastIndexOf(SEPARATOR); end > 0; ) {
      String above = name.substring(0, end);
      nodes.putIfAbsent(above, new Node(above, null, ofMailbox));
      end = above.lastIndexOf(SEPARATOR);
    }
  }

  Iterable<Node> nodes() {
    return nodes.values();
  }

  /** All that lie below, at any depth. */
  Iterable<Node> below(String name) {
    // Only the delimiter stands between a name and the names below it; '0' is the next character.
    return nodes.subMap(name + SEPARATOR, name + (char) (MailboxNames.SEPARATOR + 1)).values();
  }

  boolean isSubscribed(String name) {
    return subscriptions.contains(name);
  }

  /** Whether a mailbox lies below (RFC 9051 §7.3.1, {@code \HasChildren}). */
  boolean hasChildren(String name) {
    for (Node node : below(name)) {
      if (node.view() != null) {
        return true;
      }
    }
    return false;
  }
}
