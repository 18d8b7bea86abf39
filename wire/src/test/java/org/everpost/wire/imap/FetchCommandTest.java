package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.wire.imap.ReaderDriver.failure;
import static org.everpost.wire.imap.ReaderDriver.parse;

import java.util.List;
import org.everpost.wire.imap.FetchItem.Attribute;
import org.everpost.wire.imap.FetchItem.BinaryOctets;
import org.everpost.wire.imap.FetchItem.BinarySize;
import org.everpost.wire.imap.FetchItem.BodyOctets;
import org.everpost.wire.imap.FetchItem.Name;
import org.everpost.wire.imap.ImapCommand.Fetch;
import org.everpost.wire.imap.Section.Specifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RFC 9051 §6.4.5, RFC 3501 §6.4.5, RFC 3516, 7162, 8474, 8514. */
class FetchCommandTest {

  @Test
  void exampleOfTheStandard() {
    assertThat(parse("FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])"))
        .isEqualTo(
            new Fetch(
                false,
                SequenceSet.of(2, 4),
                List.of(
                    Attribute.FLAGS,
                    body(List.of(), Specifier.HEADER_FIELDS, List.of("DATE", "FROM"), false, null)),
                FetchModifiers.NONE));
    assertThat(parse("UID FETCH 4827313:4828442 FLAGS"))
        .isEqualTo(
            new Fetch(
                true,
                SequenceSet.of(4_827_313, 4_828_442),
                List.of(Attribute.FLAGS),
                FetchModifiers.NONE));
  }

  @Test
  void macros() {
    assertThat(items("FAST"))
        .containsExactly(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE);
    assertThat(items("all")).hasSize(4).contains(Attribute.ENVELOPE);
    assertThat(items("FULL")).hasSize(5).contains(Attribute.BODY);
    assertThat(failure("FETCH 1 (FAST)")).isEqualTo("Unknown FETCH item");
  }

  @Test
  void attributes() {
    assertThat(
            items(
                "(UID FLAGS internaldate RFC822.SIZE ENVELOPE BODY BODYSTRUCTURE MODSEQ EMAILID"
                    + " THREADID SAVEDATE UID)"))
        .containsExactly(Attribute.values());
  }

  @Test
  void sections() {
    assertThat(items("BODY[]"))
        .containsExactly(body(List.of(), Specifier.ALL, List.of(), false, null));
    assertThat(items("BODY.PEEK[]<0.2048>"))
        .containsExactly(body(List.of(), Specifier.ALL, List.of(), true, new Partial(0, 2048)));
    assertThat(items("body.peek[header]"))
        .containsExactly(body(List.of(), Specifier.HEADER, List.of(), true, null));
    assertThat(items("BODY[4.2.2.TEXT]"))
        .containsExactly(body(List.of(4, 2, 2), Specifier.TEXT, List.of(), false, null));
    assertThat(items("BODY[1.MIME]"))
        .containsExactly(body(List.of(1), Specifier.MIME, List.of(), false, null));
    assertThat(items("BODY[3.1]"))
        .containsExactly(body(List.of(3, 1), Specifier.ALL, List.of(), false, null));
    assertThat(items("BODY.PEEK[2.HEADER.FIELDS.NOT (Received \"X Y\" RECEIVED)]<5.6>"))
        .containsExactly(
            body(
                List.of(2),
                Specifier.HEADER_FIELDS_NOT,
                List.of("Received", "X Y"),
                true,
                new Partial(5, 6)));
    assertThat(failure("FETCH 1 BODY[MIME]")).isEqualTo("MIME needs a part number");
    assertThat(failure("FETCH 1 BODY[0]")).isEqualTo("Number out of range");
    assertThat(failure("FETCH 1 BODY[1.]")).isEqualTo("Expected a name");
    assertThat(failure("FETCH 1 BODY[1 ]")).isEqualTo("Expected ']'");
    assertThat(failure("FETCH 1 BODY[FOO]")).isEqualTo("Unknown section");
    assertThat(failure("FETCH 1 BODY[HEADER.FIELDS]")).isEqualTo("Expected a space");
    assertThat(failure("FETCH 1 BODY[HEADER.FIELDS ()]")).isEqualTo("Expected a string");
    assertThat(failure("FETCH 1 BODY[]<0>")).isEqualTo("Expected '.'");
    assertThat(failure("FETCH 1 BODY[]<0.0>")).isEqualTo("Number out of range");
    assertThat(failure("FETCH 1 BODY.PEEK")).isEqualTo("Expected '['");
  }

  @Test
  void elderNames() {
    assertThat(items("(RFC822 RFC822.HEADER RFC822.TEXT)"))
        .containsExactly(
            new BodyOctets(Section.WHOLE, false, null, Name.RFC822),
            new BodyOctets(Section.HEADER, true, null, Name.RFC822_HEADER),
            new BodyOctets(Section.TEXT, false, null, Name.RFC822_TEXT));
  }

  @Test
  void binary() {
    assertThat(items("(BINARY[1.2]<3.4> BINARY.PEEK[] BINARY.SIZE[5])"))
        .containsExactly(
            new BinaryOctets(List.of(1, 2), false, new Partial(3, 4)),
            new BinaryOctets(List.of(), true, null),
            new BinarySize(List.of(5)));
    assertThat(failure("FETCH 1 BINARY[TEXT]")).isEqualTo("Expected a number");
  }

  @Test
  void seen() {
    assertThat(items("(RFC822 BODY[] BINARY[1])")).allMatch(FetchItem::setsSeen);
    assertThat(items("(BODY RFC822.HEADER BODY.PEEK[] BINARY.PEEK[1] BINARY.SIZE[1] FLAGS)"))
        .noneMatch(FetchItem::setsSeen);
  }

  @Test
  void modifiers() {
    assertThat(((Fetch) parse("UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12345)")).modifiers())
        .isEqualTo(new FetchModifiers(12_345L, false));
    assertThat(
            ((Fetch) parse("UID FETCH 300:500 (FLAGS) (CHANGEDSINCE 12345 VANISHED)")).modifiers())
        .isEqualTo(new FetchModifiers(12_345L, true));
    assertThat(failure("FETCH 1 (FLAGS) (CHANGEDSINCE 1 VANISHED)"))
        .isEqualTo("VANISHED needs UID FETCH and CHANGEDSINCE");
    assertThat(failure("UID FETCH 1 (FLAGS) (VANISHED)"))
        .isEqualTo("VANISHED needs UID FETCH and CHANGEDSINCE");
    assertThat(failure("FETCH 1 FLAGS (FOO)")).isEqualTo("Unknown modifier");
  }

  @Test
  void limits() {
    StringBuilder items = new StringBuilder("FETCH 1 (");
    for (int i = 1; i <= 500; i++) {
      items.append("BODY[").append(i).append("] ");
    }
    assertThat(failure(items + "FLAGS)")).isEqualTo("Too many items");
    assertThat(failure("FETCH 1 BODY[1" + ".1".repeat(100) + "]"))
        .isEqualTo("Part number too long");
    assertThat(failure("FETCH 1 (FLAGS")).isEqualTo("Expected ')'");
    assertThat(failure("FETCH 1 ()")).isEqualTo("Expected a name");
    assertThat(failure("FETCH x FLAGS")).isEqualTo("Expected a number");
  }

  private static List<FetchItem> items(String text) {
    return ((Fetch) parse("FETCH 1 " + text)).items();
  }

  private static BodyOctets body(
      List<Integer> part,
      Specifier specifier,
      List<String> fields,
      boolean peek,
      @Nullable Partial partial) {
    return new BodyOctets(new Section(part, specifier, fields), peek, partial, Name.BODY);
  }
}
