package org.everpost.wire.imap.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.everpost.wire.imap.NumberSet;
import org.everpost.wire.imap.StatusItem;
import org.everpost.wire.imap.response.ResponseCode.Plain;
import org.everpost.wire.imap.response.Untagged.QuotaResource;
import org.junit.jupiter.api.Test;

/** The examples of RFC 9051 §7 and of the extensions. */
class ResponsesTest {
  private final ResponseBuffer out = new ResponseBuffer(100);

  @Test
  void statusResponses() {
    StatusResponse.ok("A1", Plain.READ_WRITE, "SELECT completed").render(out);
    StatusResponse.ok(null, Plain.ALERT, "System shutdown in 10 minutes").render(out);
    StatusResponse.no("a", "Disk\r\nfull").render(out);
    StatusResponse.no("a", Plain.TRYCREATE, "No such mailbox").render(out);
    StatusResponse.bad(null, "").render(out);
    StatusResponse.bye("Autologout").render(out);
    wrote(
        "A1 OK [READ-WRITE] SELECT completed",
        "* OK [ALERT] System shutdown in 10 minutes",
        "a NO Disk  full",
        "a NO [TRYCREATE] No such mailbox",
        "* BAD -",
        "* BYE Autologout");
  }

  @Test
  void responseCodes() {
    code(Plain.UNKNOWN_CTE, "UNKNOWN-CTE");
    code(new ResponseCode.AppendUid(38_505, NumberSet.of(3955)), "APPENDUID 38505 3955");
    code(
        new ResponseCode.CopyUid(
            38_505, NumberSet.of(304, 319, 320), NumberSet.of(3956, 3957, 3958)),
        "COPYUID 38505 304,319:320 3956:3958");
    code(new ResponseCode.BadCharset(List.of("UTF-8", "US-ASCII")), "BADCHARSET (UTF-8 US-ASCII)");
    code(
        new ResponseCode.Capability(List.of("IMAP4rev2", "AUTH=PLAIN")),
        "CAPABILITY IMAP4rev2 AUTH=PLAIN");
    code(new ResponseCode.HighestModSeq(715_194_045_007L), "HIGHESTMODSEQ 715194045007");
    code(new ResponseCode.MailboxId("F2212ea87"), "MAILBOXID (F2212ea87)");
    code(new ResponseCode.Modified(NumberSet.of(7, 9)), "MODIFIED 7,9");
    code(
        new ResponseCode.PermanentFlags(List.of("\\Deleted", "\\Seen", "\\*")),
        "PERMANENTFLAGS (\\Deleted \\Seen \\*)");
    code(new ResponseCode.UidNext(4392), "UIDNEXT 4392");
    code(new ResponseCode.UidValidity(3_857_529_045L), "UIDVALIDITY 3857529045");
    code(new ResponseCode.Unseen(12), "UNSEEN 12");
  }

  @Test
  void lists() {
    new ListResponse(List.of("\\Noselect"), '/', "~/Mail/foo").render(out);
    new ListResponse(List.of(), null, "INBOX").render(out);
    new ListResponse(List.of(), '/', "Foo", List.of("SUBSCRIBED"), null).render(out);
    new ListResponse(List.of(), '\\', "new", List.of(), "old").render(out);
    new ListResponse(List.of(), '"', "n", List.of("SUBSCRIBED", "SPECIAL-USE"), "o x").render(out);
    new ListResponse(List.of(), '.', "#news.comp").renderLsub(out);
    wrote(
        "* LIST (\\Noselect) \"/\" \"~/Mail/foo\"",
        "* LIST () NIL INBOX",
        "* LIST () \"/\" Foo (\"CHILDINFO\" (\"SUBSCRIBED\"))",
        "* LIST () \"\\\\\" new (\"OLDNAME\" (old))",
        "* LIST () \"\\\"\" n (\"CHILDINFO\" (\"SUBSCRIBED\" \"SPECIAL-USE\") \"OLDNAME\" (\"o x\"))",
        "* LSUB () \".\" \"#news.comp\"");
  }

  @Test
  void status() {
    new StatusData(
            "blurdybloop", Map.of(StatusItem.UIDNEXT, 44_292L, StatusItem.MESSAGES, 231L), null)
        .render(out);
    new StatusData("x", Map.of(), "F1").render(out);
    new StatusData("x", Map.of(StatusItem.DELETED_STORAGE, 3L), "F1").render(out);
    wrote(
        "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)",
        "* STATUS x (MAILBOXID (F1))",
        "* STATUS x (DELETED-STORAGE 3 MAILBOXID (F1))");
  }

  @Test
  void searches() {
    Untagged.search(NumberSet.of(2, 3, 6), null, out);
    Untagged.search(NumberSet.EMPTY, 9L, out);
    Untagged.search(NumberSet.of(2, 5), 917_162_500L, out);
    new EsearchResponse("A282", false, 2L, null, null, 3L, null).render(out);
    new EsearchResponse("a\"", true, 1L, 9L, NumberSet.of(1, 2, 9), 3L, 7L).render(out);
    new EsearchResponse("A", true, null, null, NumberSet.EMPTY, null, null).render(out);
    wrote(
        "* SEARCH 2 3 6",
        "* SEARCH",
        "* SEARCH 2 5 (MODSEQ 917162500)",
        "* ESEARCH (TAG \"A282\") MIN 2 COUNT 3",
        "* ESEARCH (TAG \"a\\\"\") UID MIN 1 MAX 9 ALL 1:2,9 COUNT 3 MODSEQ 7",
        "* ESEARCH (TAG \"A\") UID");
  }

  @Test
  void mailboxChanges() {
    Untagged.exists(23, out);
    Untagged.recent(5, out);
    Untagged.expunge(44, out);
    Untagged.flags(List.of("\\Answered", "\\Flagged"), out);
    Untagged.vanished(true, NumberSet.of(41, 43, 44), out);
    Untagged.vanished(false, NumberSet.of(505, 507), out);
    Untagged.vanished(false, NumberSet.EMPTY, out);
    wrote(
        "* 23 EXISTS",
        "* 5 RECENT",
        "* 44 EXPUNGE",
        "* FLAGS (\\Answered \\Flagged)",
        "* VANISHED (EARLIER) 41,43:44",
        "* VANISHED 505,507");
  }

  @Test
  void theOthers() {
    Untagged.capability(List.of("IMAP4rev2", "STARTTLS"), out);
    Untagged.enabled(List.of("CONDSTORE"), out);
    Untagged.enabled(List.of(), out);
    Untagged.namespace("", '/', out);
    Map<String, String> id = new LinkedHashMap<>();
    id.put("name", "Everpost");
    id.put("x", "a\"b");
    Untagged.id(id, out);
    Untagged.id(Map.of(), out);
    Untagged.quotaRoot("INBOX", List.of(""), out);
    Untagged.quotaRoot("x y", List.of(), out);
    Untagged.quota(
        "",
        List.of(new QuotaResource("STORAGE", 10, 512), new QuotaResource("MESSAGE", 1, 2)),
        out);
    Untagged.quota("r", List.of(), out);
    Untagged.goOn("idling", out);
    Untagged.challenge("a=b".getBytes(StandardCharsets.UTF_8), out);
    Untagged.challenge(new byte[0], out);
    wrote(
        "* CAPABILITY IMAP4rev2 STARTTLS",
        "* ENABLED CONDSTORE",
        "* ENABLED",
        "* NAMESPACE ((\"\" \"/\")) NIL NIL",
        "* ID (\"name\" \"Everpost\" \"x\" \"a\\\"b\")",
        "* ID NIL",
        "* QUOTAROOT INBOX \"\"",
        "* QUOTAROOT \"x y\"",
        "* QUOTA \"\" (STORAGE 10 512 MESSAGE 1 2)",
        "* QUOTA \"r\" ()",
        "+ idling",
        "+ YT1i",
        "+ ");
  }

  private void code(ResponseCode code, String expected) {
    out.clear();
    code.render(out);
    assertThat(out).hasToString(expected);
  }

  private void wrote(String... lines) {
    assertThat(out).hasToString(String.join("\r\n", lines) + "\r\n");
  }
}
