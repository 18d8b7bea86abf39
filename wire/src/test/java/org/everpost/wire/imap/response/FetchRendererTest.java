package org.everpost.wire.imap.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.everpost.wire.imap.FetchItem.BinaryOctets;
import org.everpost.wire.imap.FetchItem.BinarySize;
import org.everpost.wire.imap.FetchItem.BodyOctets;
import org.everpost.wire.imap.FetchItem.Name;
import org.everpost.wire.imap.Partial;
import org.everpost.wire.imap.Section;
import org.everpost.wire.imap.Section.Specifier;
import org.everpost.wire.mime.Envelope;
import org.everpost.wire.mime.EnvelopeAddress;
import org.everpost.wire.mime.MimePart;
import org.everpost.wire.mime.MimePart.Disposition;
import org.everpost.wire.mime.MimePart.Parameter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FetchRendererTest {
  private static final String ENVELOPE =
      "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg summary and minutes\" "
          + "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
          + "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
          + "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
          + "((NIL NIL \"imap\" \"cac.washington.edu\")) "
          + "((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")"
          + "(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL "
          + "\"<B27397-0100000@cac.washington.ed>\")";

  private final ResponseBuffer out = new ResponseBuffer(100);
  private final FetchRenderer fetch = new FetchRenderer(out);

  @Test
  void exampleOfTheStandard() {
    // RFC 9051 §8.
    fetch.begin(12).flags(List.of("\\Seen")).internalDate(Instant.parse("1996-07-17T09:44:25Z"));
    fetch.size(4286).envelope(Structures.envelope()).body(Structures.text(0, 300, 3028, 92)).end();
    assertThat(out)
        .hasToString(
            "* 12 FETCH (FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 09:44:25 +0000\" "
                + "RFC822.SIZE 4286 ENVELOPE "
                + ENVELOPE
                + " BODY (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 3028"
                + " 92))\r\n");
  }

  @Test
  void shortItems() {
    fetch.begin(1).uid(4_294_967_295L).flags(List.of()).modSeq(12_121_231_000L);
    fetch.emailId("M6d99ac3275bb4e").threadId("T64b478a75b7ea9").threadId(null);
    fetch.saveDate(Instant.parse("2023-01-02T03:04:05Z")).saveDate(null).end();
    assertThat(out)
        .hasToString(
            "* 1 FETCH (UID 4294967295 FLAGS () MODSEQ (12121231000) EMAILID (M6d99ac3275bb4e) "
                + "THREADID (T64b478a75b7ea9) THREADID NIL "
                + "SAVEDATE \" 2-Jan-2023 03:04:05 +0000\" SAVEDATE NIL)\r\n");
  }

  @Test
  void octets() {
    fetch.begin(1);
    fetch.octets(body(Section.WHOLE, null), 3);
    out.ascii("abc");
    fetch.octets(body(Section.HEADER, new Partial(5, 9)), 0);
    fetch.absent(body(new Section(List.of(4, 2, 2), Specifier.TEXT, List.of()), null));
    fetch.absent(body(new Section(List.of(1), Specifier.MIME, List.of()), null));
    fetch.absent(body(new Section(List.of(3), Specifier.ALL, List.of()), null));
    fetch.absent(
        body(new Section(List.of(), Specifier.HEADER_FIELDS, List.of("DATE", "a b")), null));
    fetch.absent(
        body(
            new Section(List.of(7), Specifier.HEADER_FIELDS_NOT, List.of("x")), new Partial(0, 1)));
    fetch.absent(new BodyOctets(Section.WHOLE, false, null, Name.RFC822));
    fetch.absent(new BodyOctets(Section.HEADER, false, null, Name.RFC822_HEADER));
    fetch.absent(new BodyOctets(Section.TEXT, false, null, Name.RFC822_TEXT));
    fetch.end();
    assertThat(out)
        .hasToString(
            "* 1 FETCH (BODY[] {3}\r\nabc BODY[HEADER]<5> {0}\r\n BODY[4.2.2.TEXT] NIL "
                + "BODY[1.MIME] NIL BODY[3] NIL BODY[HEADER.FIELDS (DATE \"a b\")] NIL "
                + "BODY[7.HEADER.FIELDS.NOT (x)]<0> NIL "
                + "RFC822 NIL RFC822.HEADER NIL RFC822.TEXT NIL)\r\n");
  }

  @Test
  void binary() {
    fetch.begin(1).binary(new BinaryOctets(List.of(1, 2), true, new Partial(3, 9)), 2, true);
    out.ascii("\0x");
    fetch.absent(new BinaryOctets(List.of(), true, null));
    fetch.binarySize(new BinarySize(List.of(4)), 99).end();
    assertThat(out)
        .hasToString("* 1 FETCH (BINARY[1.2]<3> ~{2}\r\n\0x BINARY[] NIL BINARY.SIZE[4] 99)\r\n");
  }

  @Test
  void envelopeWithGroupAndForeignText() {
    List<EnvelopeAddress> to =
        List.of(
            new EnvelopeAddress(null, "undisclosed", null),
            new EnvelopeAddress("Jürgen", "j", "example.test"),
            new EnvelopeAddress(null, null, null));
    Envelope envelope =
        new Envelope(
            null, "ü", List.of(), List.of(), List.of(), to, List.of(), List.of(), "<a>", null);
    EnvelopeRenderer.render(envelope, out);
    assertThat(out)
        .hasToString(
            "(NIL \"=?UTF-8?B?w7w=?=\" NIL NIL NIL ((NIL NIL \"undisclosed\" NIL)"
                + "(\"=?UTF-8?B?SsO8cmdlbg==?=\" NIL \"j\" \"example.test\")"
                + "(NIL NIL NIL NIL)) NIL NIL \"<a>\" NIL)");
    out.clear();
    out.utf8(true);
    EnvelopeRenderer.render(envelope, out);
    assertThat(new String(out.array(), 0, out.length(), StandardCharsets.UTF_8))
        .startsWith("(NIL \"ü\" NIL NIL NIL ((NIL NIL \"undisclosed\" NIL)(\"Jürgen\" ");
  }

  @Test
  void bodyStructure() {
    MimePart image =
        new MimePart(
            1,
            1,
            2,
            554,
            9,
            "image",
            "png",
            List.of(),
            "<id>",
            "a \"map\"",
            "base64",
            "md5==",
            new Disposition("attachment", List.of(new Parameter("filename", "karte ü.png"))),
            List.of("de", "en"),
            "http://x/",
            null,
            List.of());
    fetch.begin(1);
    fetch.bodyStructure(
        Structures.multipart(0, 1, 2, "mixed", Structures.text(0, 1, 1152, 23), image));
    fetch.end();
    assertThat(out)
        .hasToString(
            "* 1 FETCH (BODYSTRUCTURE ("
                + "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 1152 23 "
                + "NIL NIL NIL NIL)"
                + "(\"image\" \"png\" NIL \"<id>\" \"a \\\"map\\\"\" \"base64\" 554 \"md5==\" "
                + "(\"attachment\" (\"filename\" \"karte =?UTF-8?B?w7wucG5n?=\")) "
                + "(\"de\" \"en\") \"http://x/\")"
                + " \"mixed\" (\"boundary\" \"b-0\") NIL NIL NIL))\r\n");
  }

  @Test
  void messageParts() {
    BodyStructureRenderer.render(
        Structures.message(0, 1, 99, Structures.text(0, 1, 1, 1)), false, out);
    assertThat(out)
        .hasToString(
            "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 99 "
                + ENVELOPE
                + " (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 1 1) 7)");
  }

  @Test
  void whatTheGrammarWantsIsThere() {
    BodyStructureRenderer.render(Structures.multipart(0, 1, 2, "mixed"), false, out);
    out.space();
    BodyStructureRenderer.render(Structures.multipart(0, 1, 2, "mixed"), true, out);
    out.space();
    MimePart notLookedInto =
        Structures.part(0, 1, 9, 3, "message", "rfc822", List.of(), null, List.of());
    BodyStructureRenderer.render(notLookedInto, false, out);
    assertThat(out)
        .hasToString(
            "((\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0) \"mixed\") "
                + "((\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0 NIL NIL NIL NIL) \"mixed\" "
                + "(\"boundary\" \"b-0\") NIL NIL NIL) "
                + "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 9 "
                + "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) "
                + "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0) 3)");
  }

  private static BodyOctets body(Section section, @Nullable Partial partial) {
    return new BodyOctets(section, true, partial, Name.BODY);
  }
}
