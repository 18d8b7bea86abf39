package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.everpost.wire.imap.response.ResponseBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code JAZZER_FUZZ=1} these look for new inputs; otherwise they repeat the known ones. */
@Tag("slow")
class ImapFuzzTest {

  /** A command of every kind. */
  static Stream<byte[]> commands() {
    return LongStream.range(0, 150)
        .mapToObj(seed -> {
          RandomGenerator random = new SplittableRandom(seed);
          ImapCommand command = new RandomCommands(random).next();
          return new CommandWriter(random, seed % 2 == 0).write(new TaggedCommand("a", command));
        });
  }

  @MethodSource("commands")
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

  @ValueSource(
      strings = {"17-Jul-1996 02:44:25 -0700", " 1-Feb-0000 23:59:60 +1800", "29-Feb-2000"})
  @FuzzTest
  void anyDate(@NotNull String text) {
    Instant instant = ImapDateTime.parse(text);
    if (instant != null) {
      String written = ImapDateTime.format(instant);
      // What would be before the year 0 or behind 9999 in UTC is the nearest that is not.
      assertThat(ImapDateTime.format(Objects.requireNonNull(ImapDateTime.parse(written))))
          .isEqualTo(written);
    }
    LocalDate date = ImapDateTime.parseDate(text);
    if (date != null) {
      assertThat(ImapDateTime.parseDate(ImapDateTime.formatDate(date))).isEqualTo(date);
    }
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
