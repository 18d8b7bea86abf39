package org.everpost.core.mailbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All mailboxes of an account at one moment, immutable. */
public final class AccountView {

  /** An account whose partition was never written. */
  static final AccountView UNBORN =
      new AccountView(0, new AccountRow(1, 0, 0, 0, List.of()), new TreeMap<>());

  private final long version;
  private final AccountRow row;
  private final NavigableMap<MailboxId, MailboxView> byId;
  private @Nullable NavigableMap<String, MailboxId> byName;

  AccountView(long version, AccountRow row, NavigableMap<MailboxId, MailboxView> byId) {
    this.version = version;
    this.row = row;
    this.byId = Collections.unmodifiableNavigableMap(byId);
  }

  /** Whether it has no mailboxes yet: the next change makes the default ones. */
  boolean unborn() {
    return byId.isEmpty();
  }

  /** The account's version, which is the highest MODSEQ of all its mailboxes. */
  public long version() {
    return version;
  }

  /** The sum of the sizes of all messages, in octets: what quota counts as STORAGE. */
  public long usedOctets() {
    return row.usedOctets();
  }

  /** The number of all messages. */
  public long usedMessages() {
    return row.usedMessages();
  }

  /** Ordered by name. */
  public List<MailboxView> mailboxes() {
    List<MailboxView> result = new ArrayList<>(byId.size());
    for (MailboxId id : names().values()) {
      result.add(existing(id));
    }
    return result;
  }

  public Optional<MailboxView> mailbox(MailboxId id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** By name; {@code INBOX} in any case. */
  public Optional<MailboxView> mailbox(String name) {
    MailboxId id = names().get(MailboxNames.canonical(name));
    return id == null ? Optional.empty() : mailbox(id);
  }

  /** The mailbox every account has. */
  public MailboxView inbox() {
    return mailbox(MailboxNames.INBOX).orElseThrow();
  }

  /** Subscribed names, of mailboxes that exist and others (RFC 9051 §6.3.7). */
  public NavigableSet<String> subscriptions() {
    return new TreeSet<>(row.subscriptions());
  }

  AccountRow row() {
    return row;
  }

  NavigableMap<MailboxId, MailboxView> byId() {
    return byId;
  }

  private MailboxView existing(MailboxId id) {
    return mailbox(id).orElseThrow();
  }

  /** Made at the first use: most views of a delivery are never asked for names. */
  private NavigableMap<String, MailboxId> names() {
    NavigableMap<String, MailboxId> names = byName;
    if (names == null) {
      names = new TreeMap<>();
      for (MailboxView mailbox : byId.values()) {
        names.put(mailbox.name(), mailbox.id());
      }
      byName = names;
    }
    return names;
  }
}
