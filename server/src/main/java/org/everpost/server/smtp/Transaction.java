package org.everpost.server.smtp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.AccountId;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand;

/** A message under way: what was said of it so far. */
final class Transaction {

  /**
   * A recipient, and where it leads to.
   *
   * @param remote elsewhere: the recipient itself, or what an address of ours is forwarded to
   */
  record Recipient(SmtpCommand.Rcpt rcpt, List<Account> accounts, List<Path> remote) {
    Recipient {
      accounts = List.copyOf(accounts);
      remote = List.copyOf(remote);
    }

    Path path() {
      return rcpt.to();
    }

    /** Whether it is an address for several others. */
    boolean isSeveral() {
      return accounts.size() + remote.size() > 1;
    }

    /** Whether the mail of an address of ours goes elsewhere. */
    boolean isForwarded() {
      return !remote.isEmpty() && !remote.contains(path());
    }
  }

  private final SmtpCommand.Mail mail;
  private final List<Recipient> recipients = new ArrayList<>(2);
  private boolean refusedAny;
  private boolean exceeded;

  Transaction(SmtpCommand.Mail mail) {
    this.mail = mail;
  }

  SmtpCommand.Mail mail() {
    return mail;
  }

  /** Those that were accepted, in their order. */
  List<Recipient> recipients() {
    return recipients;
  }

  boolean hasRemote() {
    return recipients.stream().anyMatch(recipient -> !recipient.remote().isEmpty());
  }

  /** How many elsewhere will get it. */
  int remoteRecipients() {
    return recipients.stream().mapToInt(recipient -> recipient.remote().size()).sum();
  }

  /** Whether it is too much for the sender for the first time: each message counts once. */
  boolean isFirstExcess() {
    boolean first = !exceeded;
    exceeded = true;
    return first;
  }

  void add(Recipient recipient) {
    recipients.add(recipient);
  }

  void refused() {
    refusedAny = true;
  }

  boolean refusedAny() {
    return refusedAny;
  }

  boolean isBinary() {
    return mail.body() == SmtpCommand.Body.BINARY_MIME;
  }

  /** Each account once, however many recipients lead to it. */
  Collection<Account> accounts() {
    if (recipients.size() == 1) {
      return recipients.getFirst().accounts();
    }
    Map<AccountId, Account> accounts = new LinkedHashMap<>();
    for (Recipient recipient : recipients) {
      for (Account account : recipient.accounts()) {
        accounts.putIfAbsent(account.id(), account);
      }
    }
    return accounts.values();
  }
}
