package org.everpost.wire.imap;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.everpost.wire.imap.FetchItem.Attribute;
import org.everpost.wire.imap.FetchItem.BodyOctets;
import org.everpost.wire.imap.FetchItem.Name;
import org.everpost.wire.imap.Section.Specifier;
import org.jspecify.annotations.Nullable;

/** The arguments of FETCH (RFC 9051 §6.4.5, RFC 3501 §6.4.5). */
final class FetchParser {
  private static final List<FetchItem> FAST =
      List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE);
  private static final List<FetchItem> ALL =
      List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE, Attribute.ENVELOPE);
  private static final List<FetchItem> FULL =
      List.of(
          Attribute.FLAGS,
          Attribute.INTERNALDATE,
          Attribute.RFC822_SIZE,
          Attribute.ENVELOPE,
          Attribute.BODY);

  private final Scanner in;

  FetchParser(Scanner in) {
    this.in = in;
  }

  ImapCommand fetch(boolean uid) throws ImapSyntaxException {
    SequenceSet set = in.sequenceSet();
    in.space();
    Set<FetchItem> items = new LinkedHashSet<>();
    if (in.accept('(')) {
      do {
        if (items.size() == CommandContext.MAX_FETCH_ITEMS) {
          throw in.error("Too many items");
        }
        items.add(item(in.itemName()));
      } while (in.accept(' '));
      in.expect(')');
    } else {
      String name = in.itemName();
      switch (name) {
        case "ALL" -> items.addAll(ALL);
        case "FAST" -> items.addAll(FAST);
        case "FULL" -> items.addAll(FULL);
        default -> items.add(item(name));
      }
    }
    return new ImapCommand.Fetch(uid, set, List.copyOf(items), modifiers(uid));
  }

  private FetchModifiers modifiers(boolean uid) throws ImapSyntaxException {
    if (!in.accept(' ')) {
      return FetchModifiers.NONE;
    }
    Long changedSince = null;
    boolean vanished = false;
    in.expect('(');
    do {
      switch (in.name()) {
        case "CHANGEDSINCE" -> {
          in.space();
          changedSince = in.number64();
        }
        case "VANISHED" -> vanished = true;
        default -> throw in.error("Unknown modifier");
      }
    } while (in.accept(' '));
    in.expect(')');
    // RFC 7162 §3.2.6.
    if (vanished && (changedSince == null || !uid)) {
      throw in.error("VANISHED needs UID FETCH and CHANGEDSINCE");
    }
    return new FetchModifiers(changedSince, vanished);
  }

  private FetchItem item(String name) throws ImapSyntaxException {
    return switch (name) {
      case "UID" -> Attribute.UID;
      case "FLAGS" -> Attribute.FLAGS;
      case "INTERNALDATE" -> Attribute.INTERNALDATE;
      case "RFC822.SIZE" -> Attribute.RFC822_SIZE;
      case "ENVELOPE" -> Attribute.ENVELOPE;
      case "BODYSTRUCTURE" -> Attribute.BODYSTRUCTURE;
      case "MODSEQ" -> Attribute.MODSEQ;
      case "EMAILID" -> Attribute.EMAILID;
      case "THREADID" -> Attribute.THREADID;
      case "SAVEDATE" -> Attribute.SAVEDATE;
      // RFC 3501 §6.4.5: other names for sections.
      case "RFC822" -> new BodyOctets(Section.WHOLE, false, null, Name.RFC822);
      case "RFC822.HEADER" -> new BodyOctets(Section.HEADER, true, null, Name.RFC822_HEADER);
      case "RFC822.TEXT" -> new BodyOctets(Section.TEXT, false, null, Name.RFC822_TEXT);
      case "BODY" -> in.nextIs('[') ? body(false) : Attribute.BODY;
      case "BODY.PEEK" -> body(true);
      case "BINARY" -> new FetchItem.BinaryOctets(binaryPart(), false, partial());
      case "BINARY.PEEK" -> new FetchItem.BinaryOctets(binaryPart(), true, partial());
      case "BINARY.SIZE" -> new FetchItem.BinarySize(binaryPart());
      default -> throw in.error("Unknown FETCH item");
    };
  }

  private FetchItem body(boolean peek) throws ImapSyntaxException {
    Section section = section();
    return new BodyOctets(section, peek, partial(), Name.BODY);
  }

  private Section section() throws ImapSyntaxException {
    in.expect('[');
    if (in.accept(']')) {
      return Section.WHOLE;
    }
    List<Integer> part = new ArrayList<>();
    boolean text = !isDigit();
    while (isDigit()) {
      part.add(partNumber(part.size()));
      if (!in.accept('.')) {
        break;
      }
      text = !isDigit();
    }
    Specifier specifier = text ? specifier(!part.isEmpty()) : Specifier.ALL;
    List<String> fields = List.of();
    if (specifier == Specifier.HEADER_FIELDS || specifier == Specifier.HEADER_FIELDS_NOT) {
      in.space();
      fields = fields();
    }
    in.expect(']');
    return new Section(part, specifier, fields);
  }

  private boolean isDigit() {
    return in.peek() >= '0' && in.peek() <= '9';
  }

  private int partNumber(int depth) throws ImapSyntaxException {
    if (depth == CommandContext.MAX_PART_DEPTH) {
      throw in.error("Part number too long");
    }
    // A message has far fewer parts than that.
    return (int) Math.min(in.nzNumber(), Integer.MAX_VALUE);
  }

  private Specifier specifier(boolean ofPart) throws ImapSyntaxException {
    String name = in.itemName();
    return switch (name) {
      case "HEADER" -> Specifier.HEADER;
      case "HEADER.FIELDS" -> Specifier.HEADER_FIELDS;
      case "HEADER.FIELDS.NOT" -> Specifier.HEADER_FIELDS_NOT;
      case "TEXT" -> Specifier.TEXT;
      case "MIME" -> {
        if (!ofPart) {
          throw in.error("MIME needs a part number");
        }
        yield Specifier.MIME;
      }
      default -> throw in.error("Unknown section");
    };
  }

  private List<String> fields() throws ImapSyntaxException {
    Set<String> seen = new LinkedHashSet<>();
    List<String> fields = new ArrayList<>();
    in.expect('(');
    do {
      if (fields.size() == CommandContext.MAX_FETCH_ITEMS) {
        throw in.error("Too many fields");
      }
      String field = in.astring();
      if (seen.add(field.toLowerCase(Locale.ROOT))) {
        fields.add(field);
      }
    } while (in.accept(' '));
    in.expect(')');
    return fields;
  }

  /** {@code section-binary} (RFC 9051 §9). */
  private List<Integer> binaryPart() throws ImapSyntaxException {
    List<Integer> part = new ArrayList<>();
    in.expect('[');
    if (in.accept(']')) {
      return part;
    }
    do {
      part.add(partNumber(part.size()));
    } while (in.accept('.'));
    in.expect(']');
    return part;
  }

  private @Nullable Partial partial() throws ImapSyntaxException {
    if (!in.accept('<')) {
      return null;
    }
    long offset = in.number64();
    in.expect('.');
    long length = in.number64();
    if (length == 0) {
      throw in.error("Number out of range");
    }
    in.expect('>');
    return new Partial(offset, length);
  }
}
