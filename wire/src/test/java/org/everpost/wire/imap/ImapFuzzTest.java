package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.everpost.wire.imap.response.ResponseBuffer;
import org.junit.jupiter.api.Tag;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class ImapFuzzTest {

  @FuzzTest
  void anyInput(byte[] wire) {
    CommandPropertyTest.check(wire);
  }

  @FuzzTest
  void anyMailboxName(byte[] octets) {
    String name = new String(octets, StandardCharsets.UTF_8);
    String decoded = ModifiedUtf7.decode(name);
    if (decoded != null) {
      assertThat(ModifiedUtf7.encode(decoded)).isEqualTo(name);
    }
    // As new String above has no lone surrogates, every name comes back.
    assertThat(ModifiedUtf7.decode(ModifiedUtf7.encode(name))).isEqualTo(name);
  }

  @FuzzTest
  void anyHeader(byte[] header) {
    byte[] picked = new HeaderFieldFilter(List.of("From", "a"), false).filter(header);
    byte[] others = new HeaderFieldFilter(List.of("From", "a"), true).filter(header);
    assertThat(picked.length + others.length).isLessThanOrEqualTo(header.length + 6);
  }

  /** A string in a response is one token, whatever is in it. */
  @FuzzTest
  void anyString(byte[] octets) {
    String text = new String(octets, StandardCharsets.UTF_8);
    ResponseBuffer out = new ResponseBuffer(64);
    out.utf8(octets.length % 2 == 0);
    out.ascii("A GETQUOTA ").string(text).crlf();
    byte[] wire = Arrays.copyOf(out.array(), out.length());
    if (text.length() > CommandContext.MAX_LITERALS / 4) {
      return;
    }
    assertThat(ReaderDriver.steps(wire, ReaderDriver.LOGGED_IN).getLast())
        .isEqualTo(
            new CommandStep.Complete(
                new TaggedCommand("A", new ImapCommand.GetQuota(text.replace('\0', ' ')))));
  }
}
