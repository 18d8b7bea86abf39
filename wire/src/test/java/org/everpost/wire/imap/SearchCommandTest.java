package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.wire.imap.ReaderDriver.failure;
import static org.everpost.wire.imap.ReaderDriver.parse;

import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.everpost.wire.imap.ImapCommand.Search;
import org.everpost.wire.imap.SearchKey.All;
import org.everpost.wire.imap.SearchKey.And;
import org.everpost.wire.imap.SearchKey.Date;
import org.everpost.wire.imap.SearchKey.DateOf;
import org.everpost.wire.imap.SearchKey.EnvelopeField;
import org.everpost.wire.imap.SearchKey.Field;
import org.everpost.wire.imap.SearchKey.HasFlag;
import org.everpost.wire.imap.SearchKey.Header;
import org.everpost.wire.imap.SearchKey.Not;
import org.everpost.wire.imap.SearchKey.Numbers;
import org.everpost.wire.imap.SearchKey.Or;
import org.everpost.wire.imap.SearchKey.Text;
import org.everpost.wire.imap.SearchKey.Uids;
import org.everpost.wire.imap.SearchKey.When;
import org.junit.jupiter.api.Test;

/** RFC 9051 §6.4.4, RFC 3501 §6.4.4, RFC 4731, 5032, 5182, 7162, 8474, 8514. */
class SearchCommandTest {

  @Test
  void examplesOfTheStandard() {
    assertThat(parse("SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\""))
        .isEqualTo(
            search(
                new And(
                    List.of(
                        new HasFlag(Flag.FLAGGED),
                        new Date(DateOf.INTERNALDATE, When.SINCE, LocalDate.of(1994, 2, 1)),
                        new Not(new EnvelopeField(Field.FROM, "Smith"))))));
    assertThat(parse("SEARCH RETURN (MIN COUNT) FLAGGED"))
        .isEqualTo(
            new Search(
                false,
                EnumSet.of(SearchReturn.MIN, SearchReturn.COUNT),
                null,
                new HasFlag(Flag.FLAGGED)));
    assertThat(parse("SEARCH RETURN () FLAGGED"))
        .isEqualTo(new Search(false, Set.of(SearchReturn.ALL), null, new HasFlag(Flag.FLAGGED)));
    assertThat(parse("UID SEARCH TEXT \"string not in mailbox\""))
        .isEqualTo(new Search(true, Set.of(), null, new Text("string not in mailbox")));
    assertThat(parse("SEARCH CHARSET UTF-8 TEXT {12}\r\nпривет"))
        .isEqualTo(new Search(false, Set.of(), "UTF-8", new Text("привет")));
  }

  @Test
  void whatAKeyIsMadeOf() {
    for (String key : List.of("3", "SEEN 3", "NOT 3", "OR SEEN 3", "(OR (NOT (3)) SEEN) ALL")) {
      assertThat(parse("UID SEARCH " + key)).as(key).matches(SearchCommandTest::hasNumbers);
    }
    for (String key : List.of("UID 3", "LARGER 3 NOT (OR SEEN UID 3)")) {
      assertThat(parse("UID SEARCH " + key)).as(key).matches(command -> !hasNumbers(command));
    }
  }

  private static boolean hasNumbers(ImapCommand command) {
    return ((Search) command).key().has(Numbers.class::isInstance);
  }

  @Test
  void savedResult() {
    // RFC 5182 §2.4.
    assertThat(parse("SEARCH RETURN (SAVE) FLAGGED SMALLER 4096"))
        .isEqualTo(
            new Search(
                false,
                Set.of(SearchReturn.SAVE),
                null,
                new And(List.of(new HasFlag(Flag.FLAGGED), new SearchKey.Smaller(4096)))));
    assertThat(parse("UID SEARCH UID $ $"))
        .isEqualTo(
            new Search(
                true,
                Set.of(),
                null,
                new And(List.of(new Uids(SequenceSet.SAVED), new Numbers(SequenceSet.SAVED)))));
  }

  @Test
  void flagsInOneForm() {
    assertThat(key("UNSEEN")).isEqualTo(new Not(new HasFlag(Flag.SEEN)));
    assertThat(key("seen")).isEqualTo(new HasFlag(Flag.SEEN));
    assertThat(key("NEW"))
        .isEqualTo(new And(List.of(new HasFlag(Flag.RECENT), new Not(new HasFlag(Flag.SEEN)))));
    assertThat(key("OLD")).isEqualTo(new Not(new HasFlag(Flag.RECENT)));
    assertThat(key("KEYWORD $forwarded")).isEqualTo(new HasFlag("$Forwarded"));
    assertThat(key("UNKEYWORD Own")).isEqualTo(new Not(new HasFlag("Own")));
    assertThat(failure("SEARCH KEYWORD \\Seen")).isEqualTo("Expected an atom");
  }

  @Test
  void dates() {
    LocalDate day = LocalDate.of(2024, 2, 29);
    assertThat(key("BEFORE 29-Feb-2024"))
        .isEqualTo(new Date(DateOf.INTERNALDATE, When.BEFORE, day));
    assertThat(key("ON \"29-feb-2024\"")).isEqualTo(new Date(DateOf.INTERNALDATE, When.ON, day));
    assertThat(key("SENTSINCE 29-Feb-2024")).isEqualTo(new Date(DateOf.SENT, When.SINCE, day));
    assertThat(key("SAVEDON 29-Feb-2024")).isEqualTo(new Date(DateOf.SAVEDATE, When.ON, day));
    assertThat(key("SAVEDATESUPPORTED")).isEqualTo(new SearchKey.SaveDateSupported());
    assertThat(failure("SEARCH ON 30-Feb-2024")).isEqualTo("Not a date");
    assertThat(failure("SEARCH ON 1-Foo-2024")).isEqualTo("Not a date");
    assertThat(failure("SEARCH ON")).isEqualTo("Argument missing");
  }

  @Test
  void theOthers() {
    assertThat(key("ALL")).isEqualTo(new All());
    assertThat(key("HEADER Message-ID \"\"")).isEqualTo(new Header("Message-ID", ""));
    assertThat(key("SUBJECT x")).isEqualTo(new EnvelopeField(Field.SUBJECT, "x"));
    assertThat(key("BODY nil")).isEqualTo(new SearchKey.Body("nil"));
    assertThat(key("LARGER 5000000000")).isEqualTo(new SearchKey.Larger(5_000_000_000L));
    assertThat(key("OLDER 259200")).isEqualTo(new SearchKey.Older(259_200));
    assertThat(key("YOUNGER 1")).isEqualTo(new SearchKey.Younger(1));
    assertThat(failure("SEARCH YOUNGER 0")).isEqualTo("Number out of range");
    assertThat(key("EMAILID M6d99ac3275bb4e")).isEqualTo(new SearchKey.EmailId("M6d99ac3275bb4e"));
    assertThat(key("THREADID T64b478a75b7ea9"))
        .isEqualTo(new SearchKey.ThreadId("T64b478a75b7ea9"));
    assertThat(key("MODSEQ 620162338")).isEqualTo(new SearchKey.ModSeq(620_162_338));
    assertThat(key("MODSEQ \"/flags/\\\\draft\" all 620162338"))
        .isEqualTo(new SearchKey.ModSeq(620_162_338));
    assertThat(failure("SEARCH MODSEQ \"/flags/x\" none 1"))
        .isEqualTo("Expected ALL, PRIV or SHARED");
    assertThat(failure("SEARCH FROB")).isEqualTo("Unknown search key");
    assertThat(failure("SEARCH")).isEqualTo("Arguments missing");
    assertThat(failure("SEARCH ALL ")).isEqualTo("Expected an atom");
  }

  @Test
  void sets() {
    assertThat(key("2,4:7,9,12:*"))
        .isEqualTo(new Numbers(SequenceSet.of(2, 2, 4, 7, 9, 9, 12, SequenceSet.STAR)));
    assertThat(key("UID *:443")).isEqualTo(new Uids(SequenceSet.of(SequenceSet.STAR, 443)));
    assertThat(failure("SEARCH 0")).isEqualTo("Number out of range");
    assertThat(failure("SEARCH 1,")).isEqualTo("Expected a number");
    assertThat(failure("SEARCH 1:")).isEqualTo("Expected a number");
    assertThat(failure("SEARCH 4294967296")).isEqualTo("Number out of range");
  }

  @Test
  void nesting() {
    assertThat(key("OR SEEN (DRAFT 1) NOT NOT NOT ALL"))
        .isEqualTo(
            new And(
                List.of(
                    new Or(
                        List.of(
                            new HasFlag(Flag.SEEN),
                            new And(
                                List.of(
                                    new HasFlag(Flag.DRAFT), new Numbers(SequenceSet.of(1, 1)))))),
                    new Not(new All()))));
    assertThat(key("OR SEEN OR DRAFT FLAGGED"))
        .isEqualTo(
            new Or(
                List.of(
                    new HasFlag(Flag.SEEN), new HasFlag(Flag.DRAFT), new HasFlag(Flag.FLAGGED))));
    assertThat(key("OR OR SEEN DRAFT FLAGGED"))
        .isEqualTo(
            new Or(
                List.of(
                    new Or(List.of(new HasFlag(Flag.SEEN), new HasFlag(Flag.DRAFT))),
                    new HasFlag(Flag.FLAGGED))));
    assertThat(failure("SEARCH OR SEEN")).isEqualTo("Argument missing");
    assertThat(failure("SEARCH (SEEN")).isEqualTo("Expected ')'");
    assertThat(failure("SEARCH ()")).isEqualTo("Expected an atom");
  }

  @Test
  void longChainsAreNotDeep() {
    Search search = (Search) parse("SEARCH " + "OR BODY x ".repeat(900) + "BODY y");
    assertThat(search.key()).isInstanceOf(Or.class);
    assertThat(((Or) search.key()).keys()).hasSize(901);
    assertThat(key("NOT ".repeat(10_000) + "ALL")).isEqualTo(new All());
  }

  @Test
  void limits() {
    assertThat(key("(".repeat(50) + "ALL" + ")".repeat(50))).isEqualTo(new All());
    assertThat(failure("SEARCH " + "(".repeat(51) + "ALL" + ")".repeat(51)))
        .isEqualTo("Search nested too deeply");
    assertThat(failure("SEARCH " + "(".repeat(60_000))).isEqualTo("Search nested too deeply");
    assertThat(failure("SEARCH " + "OR ".repeat(20_000))).isEqualTo("Search nested too deeply");
    assertThat(failure("SEARCH ALL" + " ALL".repeat(1_000))).isEqualTo("Too many search keys");
  }

  @Test
  void charsets() {
    Search search = (Search) parse("SEARCH CHARSET \"iso-8859-2\" SUBJECT {1}\r\nx");
    assertThat(search.charset()).isEqualTo("ISO-8859-2");
    assertThat(search.charsetSupported()).isFalse();
    assertThat(((Search) parse("SEARCH CHARSET us-ascii ALL")).charsetSupported()).isTrue();
    assertThat(((Search) parse("SEARCH ALL")).charsetSupported()).isTrue();
    assertThat(parse("SEARCH SUBJECT \"ü\""))
        .isEqualTo(search(new EnvelopeField(Field.SUBJECT, "ü")));
  }

  private static SearchKey key(String text) {
    return ((Search) parse("SEARCH " + text)).key();
  }

  private static Search search(SearchKey key) {
    return new Search(false, Set.of(), null, key);
  }
}
