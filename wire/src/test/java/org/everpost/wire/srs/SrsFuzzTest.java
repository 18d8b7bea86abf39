package org.everpost.wire.srs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.srs.SrsRewriter.Reversed;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it repeats the known ones. */
@Tag("slow")
class SrsFuzzTest {

  @ValueSource(strings = {"a", "SRS0=aaaaaa=bb=c.test=d", "SRS1=a=b.test==c", "srs1-=-", "SRS0+"})
  @FuzzTest
  void anyLocalPart(@NotNull String local) {
    EmailAddress address;
    try {
      address = new EmailAddress(local, SrsRewriterTest.US);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    assertThat(SrsRewriterTest.SRS.reverse(address, SrsRewriterTest.NOW))
        .isNotInstanceOf(Reversed.Original.class);
    EmailAddress rewritten =
        SrsRewriterTest.SRS.rewrite(address, SrsRewriterTest.US, SrsRewriterTest.NOW);
    if (rewritten != null) {
      assertThat(SrsRewriterTest.SRS.reverse(rewritten, SrsRewriterTest.NOW))
          .isInstanceOf(Reversed.Original.class);
    }
  }
}
