package org.everpost.server.imap;

import java.io.IOException;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.server.net.Connection;

/** IDLE (RFC 9051 §6.3.13). */
final class IdleHandler {
  private final ImapSettings settings;

  IdleHandler(ImapSettings settings) {
    this.settings = settings;
  }

  Reply idle(State.LoggedIn in, Dialogue dialogue) throws IOException {
    Connection connection = dialogue.connection();
    connection.readTimeout(settings.autologout());
    dialogue.out().goOn("idling");
    IdleWait wait = new IdleWait(connection);
    try (MailAccount.Watch _ = in.user().mail().watch(wait::changed)) {
      wait.start();
      while (true) {
        if (in instanceof State.Selected selected) {
          ViewSync.tell(selected, ViewSync.Expunges.NOW, dialogue);
          dialogue.out().flush();
        }
        String line = wait.await();
        if (line != null) {
          return line.equalsIgnoreCase("DONE")
              ? Reply.ok("IDLE completed")
              : Reply.bad("Expected DONE");
        }
      }
    } finally {
      wait.end();
    }
  }
}
