package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.wire.imap.ReaderDriver.LOGGED_IN_UTF8;
import static org.everpost.wire.imap.ReaderDriver.failure;
import static org.everpost.wire.imap.ReaderDriver.parse;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.everpost.wire.imap.ImapCommand.Create;
import org.everpost.wire.imap.ImapCommand.ListMailboxes;
import org.everpost.wire.imap.ImapCommand.ListReturn;
import org.everpost.wire.imap.ImapCommand.ListSelection;
import org.everpost.wire.imap.ImapCommand.Lsub;
import org.everpost.wire.imap.ImapCommand.Select;
import org.everpost.wire.imap.ImapCommand.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RFC 9051 §6.3, RFC 3501 §6.3, RFC 5258, 5819, 6154, 7162, 9208. */
class MailboxCommandsTest {

  @Test
  void select() {
    assertThat(parse("SELECT INBOX")).isEqualTo(new Select("INBOX", false, SelectParameters.NONE));
    assertThat(parse("SELECT \"InBox\""))
        .isEqualTo(new Select("INBOX", false, SelectParameters.NONE));
    assertThat(parse("EXAMINE blurdybloop"))
        .isEqualTo(new Select("blurdybloop", true, SelectParameters.NONE));
    assertThat(parse("SELECT INBOX (condstore)"))
        .isEqualTo(new Select("INBOX", false, new SelectParameters(true, null)));
    assertThat(failure("SELECT INBOX (FOO)")).isEqualTo("Unknown parameter");
    assertThat(failure("SELECT INBOX ()")).isEqualTo("Expected an atom");
  }

  @Test
  void selectWithQresync() {
    // RFC 7162 §3.2.5.1 and §3.2.5.2.
    assertThat(parse("SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541))"))
        .isEqualTo(
            select(
                67_890_007,
                20_050_715_194_045_000L,
                SequenceSet.of(41, 41, 43, 211, 214, 541),
                null));
    assertThat(parse("SELECT INBOX (QRESYNC (67890007 90060115194045000))"))
        .isEqualTo(select(67_890_007, 90_060_115_194_045_000L, null, null));
    SelectParameters.SequenceMatch match =
        new SelectParameters.SequenceMatch(
            SequenceSet.of(1, 1, 3, 3, 5, 5, 7, 7), SequenceSet.of(5, 5, 9, 10, 14, 14));
    assertThat(parse("SELECT INBOX (QRESYNC (1 2 29997 (1,3,5,7 5,9:10,14)) CONDSTORE)"))
        .isEqualTo(
            new Select(
                "INBOX",
                false,
                new SelectParameters(
                    true,
                    new SelectParameters.Qresync(1, 2, SequenceSet.of(29997, 29997), match))));
    assertThat(parse("SELECT INBOX (QRESYNC (1 2 (1,3,5,7 5,9:10,14)))"))
        .isEqualTo(select(1, 2, null, match));
    assertThat(failure("SELECT INBOX (QRESYNC (1 2 (1,3 5)))"))
        .isEqualTo("Message numbers and UIDs do not match");
    assertThat(failure("SELECT INBOX (QRESYNC (1 2 1:*))"))
        .isEqualTo("Only numbers are allowed in this set");
    assertThat(failure("SELECT INBOX (QRESYNC (0 2))")).isEqualTo("Number out of range");
    assertThat(failure("SELECT INBOX (QRESYNC (4294967296 2))")).isEqualTo("Number out of range");
    assertThat(failure("SELECT INBOX (QRESYNC (1 9223372036854775808))"))
        .isEqualTo("Number too large");
  }

  private static Select select(
      long uidValidity,
      long modSeq,
      @Nullable SequenceSet known,
      SelectParameters.@Nullable SequenceMatch match) {
    return new Select(
        "INBOX",
        false,
        new SelectParameters(
            false, new SelectParameters.Qresync(uidValidity, modSeq, known, match)));
  }

  @Test
  void create() {
    assertThat(parse("CREATE owatagusiam/")).isEqualTo(new Create("owatagusiam/", List.of()));
    assertThat(parse("CREATE MySpecial (USE (\\Drafts \\sent \\x))"))
        .isEqualTo(new Create("MySpecial", List.of("\\Drafts", "\\Sent", "\\x")));
    assertThat(failure("CREATE x (FOO)")).isEqualTo("Unknown parameter");
    assertThat(failure("CREATE \"a\tb\"")).isEqualTo("Mailbox name is not modified UTF-7");
    assertThat(failure("CREATE \"a\tb\"", LOGGED_IN_UTF8))
        .isEqualTo("Control character in a mailbox name");
  }

  @Test
  void otherOnesOfOneName() {
    assertThat(parse("DELETE blurdybloop")).isEqualTo(new ImapCommand.Delete("blurdybloop"));
    assertThat(parse("RENAME blurdybloop \"sarasoop x\""))
        .isEqualTo(new ImapCommand.Rename("blurdybloop", "sarasoop x"));
    assertThat(parse("SUBSCRIBE #news.comp.mail.mime"))
        .isEqualTo(new ImapCommand.Subscribe("#news.comp.mail.mime"));
    assertThat(parse("UNSUBSCRIBE #news.comp.mail.mime"))
        .isEqualTo(new ImapCommand.Unsubscribe("#news.comp.mail.mime"));
    assertThat(parse("NAMESPACE")).isEqualTo(new ImapCommand.Namespace());
  }

  @Test
  void namesInBothEncodings() {
    assertThat(parse("DELETE Entw&APw-rfe")).isEqualTo(new ImapCommand.Delete("Entwürfe"));
    assertThat(parse("DELETE \"Entwürfe &-\"", LOGGED_IN_UTF8))
        .isEqualTo(new ImapCommand.Delete("Entwürfe &-"));
    assertThat(failure("DELETE \"Entwürfe\"")).isEqualTo("Mailbox name is not modified UTF-7");
    assertThat(failure("DELETE R&D")).isEqualTo("Mailbox name is not modified UTF-7");
    assertThat(failure("DELETE &AAo-")).isEqualTo("Control character in a mailbox name");
  }

  @Test
  void list() {
    assertThat(parse("LIST \"\" \"\"")).isEqualTo(plainList("", ""));
    assertThat(parse("LIST #news.comp.mail.misc \"\""))
        .isEqualTo(plainList("#news.comp.mail.misc", ""));
    assertThat(parse("LIST /usr/staff/jones ~/Mail/%"))
        .isEqualTo(plainList("/usr/staff/jones", "~/Mail/%"));
    assertThat(parse("LIST \"\" *")).isEqualTo(plainList("", "*"));
    assertThat(parse("LIST \"\" \"Entw&APw-*\"")).isEqualTo(plainList("", "Entwü*"));
    assertThat(failure("LIST \"\"")).isEqualTo("Argument missing");
    assertThat(failure("LIST")).isEqualTo("Arguments missing");
  }

  @Test
  void extendedList() {
    // RFC 5258 §5.
    assertThat(parse("LIST (SUBSCRIBED) \"\" \"*\""))
        .isEqualTo(list(Set.of(ListSelection.SUBSCRIBED), List.of("*"), Set.of()));
    assertThat(parse("LIST () \"\" \"%\" RETURN (CHILDREN)"))
        .isEqualTo(list(Set.of(), List.of("%"), Set.of(ListReturn.CHILDREN)));
    assertThat(parse("LIST (REMOTE SUBSCRIBED RECURSIVEMATCH) \"\" % RETURN ()"))
        .isEqualTo(
            list(
                EnumSet.of(
                    ListSelection.REMOTE, ListSelection.SUBSCRIBED, ListSelection.RECURSIVEMATCH),
                List.of("%"),
                Set.of()));
    assertThat(parse("LIST \"\" (\"INBOX\" Drafts Sent/%)"))
        .isEqualTo(list(Set.of(), List.of("INBOX", "Drafts", "Sent/%"), Set.of()));
    assertThat(parse("LIST (SPECIAL-USE) \"\" * RETURN (SPECIAL-USE SUBSCRIBED)"))
        .isEqualTo(
            list(
                Set.of(ListSelection.SPECIAL_USE),
                List.of("*"),
                EnumSet.of(ListReturn.SPECIAL_USE, ListReturn.SUBSCRIBED)));
    assertThat(failure("LIST (RECURSIVEMATCH) \"\" *"))
        .isEqualTo("RECURSIVEMATCH needs another option");
    // RFC 6154 §6: SPECIAL-USE is a list-select-independent-opt, as REMOTE is.
    assertThat(failure("LIST (SPECIAL-USE RECURSIVEMATCH REMOTE) \"\" *"))
        .isEqualTo("RECURSIVEMATCH needs another option");
    assertThat(failure("LIST (FOO) \"\" *")).isEqualTo("Unknown selection option");
    assertThat(failure("LIST \"\" * RETURN (FOO)")).isEqualTo("Unknown return option");
    assertThat(failure("LIST \"\" ()")).isEqualTo("Expected a mailbox pattern");
    assertThat(failure("LIST \"\" (" + "% ".repeat(100) + "%)")).isEqualTo("Too many patterns");
  }

  @Test
  void patternsNoNameCanMatchAreLeftOut() {
    // RFC 9051 §6.3.9: they are ignored, LIST succeeds.
    for (String pattern : List.of("\"&*\"", "R&D%", "\"ü%\"", "\"a\tb\"")) {
      assertThat(parse("LIST \"\" " + pattern))
          .isEqualTo(new ListMailboxes(Set.of(), "", List.of(), Set.of(), Set.of(), false));
      assertThat(parse("LSUB \"\" " + pattern)).isEqualTo(new Lsub("", null));
    }
    assertThat(parse("LIST \"\" (a &* %)")).isEqualTo(list(Set.of(), List.of("a", "%"), Set.of()));
    assertThat(parse("LIST R&D (% *)")).isEqualTo(list(Set.of(), List.of(), Set.of()));
    assertThat(parse("LIST R&D \"\"")).isEqualTo(plainList("", ""));
    assertThat(parse("LSUB R&D %")).isEqualTo(new Lsub("", null));
    assertThat(failure("LIST \"\" (" + "&* ".repeat(100) + "&*)")).isEqualTo("Too many patterns");
  }

  @Test
  void listWithStatus() {
    assertThat(parse("LIST \"\" % RETURN (STATUS (MESSAGES UNSEEN) CHILDREN)"))
        .isEqualTo(
            new ListMailboxes(
                Set.of(),
                "",
                List.of("%"),
                EnumSet.of(ListReturn.STATUS, ListReturn.CHILDREN),
                EnumSet.of(StatusItem.MESSAGES, StatusItem.UNSEEN),
                true));
  }

  @Test
  void lsub() {
    assertThat(parse("LSUB \"#news.\" \"comp.mail.*\""))
        .isEqualTo(new Lsub("#news.", "comp.mail.*"));
    assertThat(parse("LSUB \"\" %")).isEqualTo(new Lsub("", "%"));
  }

  @Test
  void status() {
    assertThat(parse("STATUS blurdybloop (UIDNEXT messages)"))
        .isEqualTo(new Status("blurdybloop", EnumSet.of(StatusItem.MESSAGES, StatusItem.UIDNEXT)));
    assertThat(
            parse(
                "STATUS x (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE HIGHESTMODSEQ "
                    + "APPENDLIMIT MAILBOXID DELETED-STORAGE)"))
        .isEqualTo(new Status("x", EnumSet.allOf(StatusItem.class)));
    assertThat(failure("STATUS x (FOO)")).isEqualTo("Unknown STATUS item");
    assertThat(failure("STATUS x ()")).isEqualTo("Expected an atom");
    assertThat(failure("STATUS x")).isEqualTo("Argument missing");
  }

  @Test
  void quota() {
    assertThat(parse("GETQUOTA \"\"")).isEqualTo(new ImapCommand.GetQuota(""));
    assertThat(parse("GETQUOTA \"!partition/sda4\""))
        .isEqualTo(new ImapCommand.GetQuota("!partition/sda4"));
    assertThat(parse("GETQUOTAROOT INBOX")).isEqualTo(new ImapCommand.GetQuotaRoot("INBOX"));
    assertThat(parse("SETQUOTA \"#user/alice\" (STORAGE 510 message 9)"))
        .isEqualTo(new ImapCommand.SetQuota("#user/alice", Map.of("STORAGE", 510L, "MESSAGE", 9L)));
    assertThat(parse("SETQUOTA \"\" ()")).isEqualTo(new ImapCommand.SetQuota("", Map.of()));
    assertThat(failure("SETQUOTA \"\" (STORAGE 1 STORAGE 2)"))
        .isEqualTo("A resource is given twice");
  }

  private static ListMailboxes plainList(String reference, String pattern) {
    return new ListMailboxes(Set.of(), reference, List.of(pattern), Set.of(), Set.of(), false);
  }

  private static ListMailboxes list(
      Set<ListSelection> selection, List<String> patterns, Set<ListReturn> returning) {
    return new ListMailboxes(selection, "", patterns, returning, Set.of(), true);
  }
}
