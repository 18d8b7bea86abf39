package org.everpost.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.directory.Quota;
import org.everpost.core.mailbox.AccountView;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.response.ResponseCode;
import org.everpost.wire.imap.response.Untagged;

/** GETQUOTA, GETQUOTAROOT and SETQUOTA (RFC 9208): one root, the account. */
final class QuotaHandler {
  private static final String ROOT = "";

  Reply get(ImapCommand.GetQuota command, State.LoggedIn in, Dialogue dialogue) throws IOException {
    if (!command.root().equals(ROOT)) {
      return Reply.no(ResponseCode.Plain.NONEXISTENT, "No such quota root");
    }
    write(in.user().quota(), in.user().mail().refresh(), dialogue);
    return Reply.ok("GETQUOTA completed");
  }

  Reply getRoot(ImapCommand.GetQuotaRoot command, State.LoggedIn in, Dialogue dialogue)
      throws IOException {
    // RFC 9208 §4.1.2: the mailbox need not be there.
    AccountView account = in.user().mail().refresh();
    Untagged.quotaRoot(command.mailbox(), List.of(ROOT), dialogue.out().buffer());
    write(in.user().quota(), account, dialogue);
    return Reply.ok("GETQUOTAROOT completed");
  }

  /** Quotas are the operator's to set (RFC 9208 §4.1.3). */
  Reply set() {
    return Reply.no(ResponseCode.Plain.NOPERM, "Quotas cannot be set by IMAP");
  }

  private static void write(Quota quota, AccountView account, Dialogue dialogue)
      throws IOException {
    List<Untagged.QuotaResource> resources = new ArrayList<>();
    if (quota.octets() > 0) {
      // RFC 9208 §5.1: in units of 1024 octets.
      long used = (account.usedOctets() + 1023) / 1024;
      resources.add(new Untagged.QuotaResource("STORAGE", used, quota.octets() / 1024));
    }
    if (quota.messages() > 0) {
      long used = account.usedMessages();
      resources.add(new Untagged.QuotaResource("MESSAGE", used, quota.messages()));
    }
    Untagged.quota(ROOT, resources, dialogue.out().buffer());
    dialogue.out().end();
  }
}
