package org.everpost.wire.smtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyTest {

  private static String rendered(Reply reply) {
    return new String(reply.render(), US_ASCII);
  }

  @Test
  void oneLine() {
    Reply reply = Reply.of(250, "2.1.5", "Recipient OK");
    assertThat(rendered(reply)).isEqualTo("250 2.1.5 Recipient OK\r\n");
    assertThat(reply).hasToString("250 2.1.5 Recipient OK");
    assertThat(reply.isPositive()).isTrue();
    assertThat(Reply.plain(354, "Go").isPositive()).isTrue();
    assertThat(Reply.plain(421, "Bye").isPositive()).isFalse();
  }

  @Test
  void manyLines() {
    assertThat(rendered(new Reply(250, null, List.of("mx.test", "PIPELINING", "HELP"))))
        .isEqualTo("250-mx.test\r\n250-PIPELINING\r\n250 HELP\r\n");
    assertThat(rendered(new Reply(214, EnhancedStatusCode.of("2.0.0"), List.of("a", "b"))))
        .isEqualTo("214-2.0.0 a\r\n214 2.0.0 b\r\n");
  }

  @Test
  void nothingThatIsNoReply() {
    assertThatIllegalArgumentException().isThrownBy(() -> Reply.plain(100, "x"));
    assertThatIllegalArgumentException().isThrownBy(() -> Reply.plain(250, "a\r\nb"));
    assertThatIllegalArgumentException().isThrownBy(() -> Reply.plain(250, "x".repeat(491)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Reply(250, null, List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> Reply.of(250, "5.0.0", "x"));
    assertThatIllegalArgumentException().isThrownBy(() -> EnhancedStatusCode.of("3.0.0"));
    assertThatIllegalArgumentException().isThrownBy(() -> EnhancedStatusCode.of("2.0"));
    assertThatIllegalArgumentException().isThrownBy(() -> EnhancedStatusCode.of("2.0.1000"));
  }
}
