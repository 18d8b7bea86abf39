package org.everpost.server.imap.search;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.mailbox.Email;
import org.everpost.core.mailbox.Mailboxes;
import org.everpost.wire.mime.ContentDecoder;
import org.everpost.wire.mime.EncodedWord;
import org.everpost.wire.mime.HeaderField;
import org.everpost.wire.mime.HeaderFields;
import org.everpost.wire.mime.MimePart;
import org.jspecify.annotations.Nullable;

/** Looks for several texts in a message's octets, reading them once. */
final class TextScan {
  private static final int PIECE = 8 * 1024;

  /** What of a header is looked at: it is held in memory. */
  private static final int MAX_HEADER = 1 << 20;

  private final Mailboxes mailboxes;
  private final List<Wanted> wanted = new ArrayList<>();

  /** Where a text is looked for. */
  private enum Where {
    FIELD,
    BODY,
    ANYWHERE
  }

  /** Whose header it is that is looked at. */
  private enum Header {
    MESSAGE,
    ENCLOSED,
    PART
  }

  /**
   * @param field the name of the field, with {@link Where#FIELD}
   */
  private record Wanted(Where where, @Nullable String field, TextMatcher matcher, boolean empty) {

    Wanted(Where where, @Nullable String field, char[] folded) {
      this(where, field, new TextMatcher(folded), folded.length == 0);
    }
  }

  TextScan(Mailboxes mailboxes) {
    this.mailboxes = mailboxes;
  }

  /** How many texts are looked for. */
  int count() {
    return wanted.size();
  }

  Criterion header(String name, String text) {
    return add(new Wanted(Where.FIELD, name, Text.fold(text)));
  }

  Criterion body(String text) {
    return text.isEmpty() ? Criterion.ALWAYS : add(new Wanted(Where.BODY, null, Text.fold(text)));
  }

  Criterion text(String text) {
    return text.isEmpty()
        ? Criterion.ALWAYS
        : add(new Wanted(Where.ANYWHERE, null, Text.fold(text)));
  }

  private Criterion add(Wanted one) {
    wanted.add(one);
    return new Criterion.InContent(wanted.size() - 1);
  }

  /** By number of the text whether it is there. */
  boolean[] scan(Email email) throws IOException {
    boolean[] found = new boolean[wanted.size()];
    MimePart root = email.structure();
    header(root, Header.MESSAGE, email, found);
    if (wanted.stream().anyMatch(w -> w.where() != Where.FIELD)) {
      body(root, email, found);
    }
    return found;
  }

  private void header(MimePart part, Header of, Email email, boolean[] found) throws IOException {
    byte[] octets;
    try (var in = mailboxes.content(email.blob(), part.headerOffset(), part.headerSize())) {
      octets = in.readNBytes(MAX_HEADER);
    }
    for (HeaderField field : HeaderFields.of(octets)) {
      String value = EncodedWord.decode(field.value());
      for (int i = 0; i < found.length; i++) {
        if (!found[i]) {
          found[i] = inField(wanted.get(i), field, value, of);
        }
      }
    }
  }

  private static boolean inField(Wanted one, HeaderField field, String value, Header of) {
    return switch (one.where()) {
      case FIELD ->
          of == Header.MESSAGE
              && field.is(String.valueOf(one.field()))
              && (one.empty() || contains(one.matcher(), value));
      case ANYWHERE -> contains(one.matcher(), field.name() + ": " + value);
      case BODY -> of == Header.ENCLOSED && contains(one.matcher(), field.name() + ": " + value);
    };
  }

  private static boolean contains(TextMatcher matcher, String text) {
    matcher.reset();
    boolean found = matcher.feed(text.toCharArray(), text.length());
    matcher.reset();
    return found;
  }

  private void body(MimePart part, Email email, boolean[] found) throws IOException {
    if (part.isMessage()) {
      MimePart enclosed = part.parts().getFirst();
      header(enclosed, Header.ENCLOSED, email, found);
      body(enclosed, email, found);
    } else if (part.isMultipart()) {
      for (MimePart below : part.parts()) {
        if (isSearchedForAnywhere(found)) {
          header(below, Header.PART, email, found);
        }
        body(below, email, found);
      }
    } else if (part.type().equals("text") || part.type().equals("message")) {
      leaf(part, email, found);
    }
  }

  /** RFC 9051 §6.4.4: TEXT, and no other key, looks at the header fields of MIME parts too. */
  private boolean isSearchedForAnywhere(boolean[] found) {
    for (int i = 0; i < found.length; i++) {
      if (!found[i] && wanted.get(i).where() == Where.ANYWHERE) {
        return true;
      }
    }
    return false;
  }

  private void leaf(MimePart part, Email email, boolean[] found) throws IOException {
    wanted.forEach(w -> w.matcher().reset());
    char[] piece = new char[PIECE];
    try (Reader text =
        ContentDecoder.text(
            mailboxes.content(email.blob(), part.bodyOffset(), part.bodySize()), part)) {
      for (int n = text.read(piece); n >= 0; n = text.read(piece)) {
        boolean all = true;
        for (int i = 0; i < found.length; i++) {
          Wanted one = wanted.get(i);
          if (!found[i] && one.where() != Where.FIELD) {
            found[i] = one.matcher().feed(piece, n);
            all &= found[i];
          }
        }
        if (all) {
          return;
        }
      }
    }
  }
}
