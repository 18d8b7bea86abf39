package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.everpost.wire.imap.BodySection.Absent;
import org.everpost.wire.imap.BodySection.Fields;
import org.everpost.wire.imap.BodySection.Octets;
import org.everpost.wire.imap.ImapCommand.Fetch;
import org.everpost.wire.imap.response.Structures;
import org.everpost.wire.mime.MimePart;
import org.junit.jupiter.api.Test;

/** The numbering of RFC 9051 §6.4.5.1, with its example. */
class BodySectionTest {

  // HEADER, TEXT of MULTIPART/MIXED: 1 TEXT/PLAIN, 2 APPLICATION/OCTET-STREAM, 3 MESSAGE/RFC822
  // (MULTIPART/MIXED: 3.1 TEXT/PLAIN, 3.2 APPLICATION/OCTET-STREAM), 4 MULTIPART/MIXED: 4.1
  // IMAGE/GIF, 4.2 MESSAGE/RFC822 (MULTIPART/MIXED: 4.2.1 TEXT/PLAIN, 4.2.2 MULTIPART/ALTERNATIVE:
  // 4.2.2.1 TEXT/PLAIN, 4.2.2.2 TEXT/RICHTEXT).
  private static final MimePart EXAMPLE =
      Structures.multipart(
          0,
          100,
          9000,
          "mixed",
          Structures.text(110, 10, 20, 1),
          Structures.text(210, 10, 20, 1),
          Structures.message(
              310,
              10,
              500,
              Structures.multipart(
                  320,
                  50,
                  450,
                  "mixed",
                  Structures.text(380, 10, 20, 1),
                  Structures.text(480, 10, 20, 1))),
          Structures.multipart(
              1000,
              10,
              900,
              "mixed",
              Structures.text(1100, 10, 20, 1),
              Structures.message(
                  1200,
                  10,
                  600,
                  Structures.multipart(
                      1210,
                      40,
                      560,
                      "mixed",
                      Structures.text(1300, 10, 20, 1),
                      Structures.multipart(
                          1400,
                          10,
                          300,
                          "alternative",
                          Structures.text(1500, 10, 20, 1),
                          Structures.text(1600, 10, 20, 1))))));

  @Test
  void exampleOfTheStandard() {
    assertThat(in(EXAMPLE, "")).isEqualTo(new Octets(0, 9100));
    assertThat(in(EXAMPLE, "HEADER")).isEqualTo(new Octets(0, 100));
    assertThat(in(EXAMPLE, "HEADER.FIELDS (a)")).isEqualTo(new Fields(0, 100));
    assertThat(in(EXAMPLE, "TEXT")).isEqualTo(new Octets(100, 9000));
    assertThat(in(EXAMPLE, "1")).isEqualTo(new Octets(120, 20));
    assertThat(in(EXAMPLE, "1.MIME")).isEqualTo(new Octets(110, 10));
    assertThat(in(EXAMPLE, "2")).isEqualTo(new Octets(220, 20));
    assertThat(in(EXAMPLE, "3")).isEqualTo(new Octets(320, 500));
    assertThat(in(EXAMPLE, "3.MIME")).isEqualTo(new Octets(310, 10));
    assertThat(in(EXAMPLE, "3.HEADER")).isEqualTo(new Octets(320, 50));
    assertThat(in(EXAMPLE, "3.HEADER.FIELDS.NOT (a)")).isEqualTo(new Fields(320, 50));
    assertThat(in(EXAMPLE, "3.TEXT")).isEqualTo(new Octets(370, 450));
    assertThat(in(EXAMPLE, "3.1")).isEqualTo(new Octets(390, 20));
    assertThat(in(EXAMPLE, "3.2")).isEqualTo(new Octets(490, 20));
    assertThat(in(EXAMPLE, "4")).isEqualTo(new Octets(1010, 900));
    assertThat(in(EXAMPLE, "4.1.MIME")).isEqualTo(new Octets(1100, 10));
    assertThat(in(EXAMPLE, "4.2.HEADER")).isEqualTo(new Octets(1210, 40));
    assertThat(in(EXAMPLE, "4.2.TEXT")).isEqualTo(new Octets(1250, 560));
    assertThat(in(EXAMPLE, "4.2.1")).isEqualTo(new Octets(1310, 20));
    assertThat(in(EXAMPLE, "4.2.2")).isEqualTo(new Octets(1410, 300));
    assertThat(in(EXAMPLE, "4.2.2.1")).isEqualTo(new Octets(1510, 20));
    assertThat(in(EXAMPLE, "4.2.2.2")).isEqualTo(new Octets(1610, 20));
  }

  @Test
  void absentOnes() {
    for (String section :
        new String[] {
          "5",
          "1.1",
          "1.TEXT",
          "1.HEADER",
          "3.3",
          "4.HEADER",
          "4.2.2.3",
          "4.2.2.1.1",
          "9999999",
          "4.2.2.TEXT"
        }) {
      assertThat(in(EXAMPLE, section)).as(section).isEqualTo(new Absent());
    }
  }

  @Test
  void messageOfOnePart() {
    MimePart text = Structures.text(0, 40, 60, 3);
    assertThat(in(text, "")).isEqualTo(new Octets(0, 100));
    assertThat(in(text, "TEXT")).isEqualTo(new Octets(40, 60));
    assertThat(in(text, "1")).isEqualTo(new Octets(40, 60));
    assertThat(in(text, "1.MIME")).isEqualTo(new Octets(0, 40));
    assertThat(in(text, "2")).isEqualTo(new Absent());
    assertThat(in(text, "1.1")).isEqualTo(new Absent());
    assertThat(in(text, "1.TEXT")).isEqualTo(new Absent());
  }

  @Test
  void messageThatIsAMessage() {
    MimePart root = Structures.message(0, 40, 60, Structures.text(40, 20, 40, 3));
    assertThat(in(root, "HEADER")).isEqualTo(new Octets(0, 40));
    assertThat(in(root, "1")).isEqualTo(new Octets(40, 60));
    assertThat(in(root, "1.HEADER")).isEqualTo(new Octets(40, 20));
    assertThat(in(root, "1.TEXT")).isEqualTo(new Octets(60, 40));
    assertThat(in(root, "1.1")).isEqualTo(new Octets(60, 40));
    assertThat(in(root, "1.2")).isEqualTo(new Absent());
    assertThat(in(root, "1.1.1")).isEqualTo(new Absent());
  }

  private static BodySection in(MimePart root, String section) {
    Fetch fetch = (Fetch) ReaderDriver.parse("FETCH 1 BODY[" + section + "]");
    return BodySection.resolve(root, ((FetchItem.BodyOctets) fetch.items().getFirst()).section());
  }
}
