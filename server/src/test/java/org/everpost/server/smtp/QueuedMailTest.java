package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.everpost.core.spool.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before it gets into the queue. */
final class QueuedMailTest {

  @ParameterizedTest
  @CsvSource({
    "5.1.2, 550 5.1.2, does not exist",
    "5.1.10, 556 5.1.10, takes no mail",
    "5.4.4, 550 5.4.4, no address",
    "5.4.6, 550 5.4.6, comes to this server",
  })
  void aDeadEndIsRefusedInWordsThatTellNothingOfTheWay(String status, String codes, String words) {
    Reason reason = Reason.ours(status, "mx.secret.test[192.0.2.1]");
    assertThat(QueuedMail.reply(reason).toString())
        .startsWith(codes)
        .contains(words)
        .doesNotContain("secret", "192.0.2.1");
  }
}
