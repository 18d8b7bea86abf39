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

  private final Mailboxes mailboxes;
  private final List<Wanted> wanted = new ArrayList<>();

  /** Where a text is looked for. */
  private enum Where {
    FIELD,
    BODY,
    ANYWHERE
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
    header(root, true, email, found);
    if (wanted.stream().anyMatch(w -> w.where() != Where.FIELD)) {
      body(root, email, found);
    }
    return found;
  }

  private void header(MimePart part, boolean own, Email email, boolean[] found) throws IOException {
    byte[] octets;
    try (var in = mailboxes.content(email.blob(), part.headerOffset(), part.headerSize())) {
      octets = in.readAllBytes();
    }
    for (HeaderField field : HeaderFields.of(octets)) {
      String value = EncodedWord.decode(field.value());
      for (int i = 0; i < found.length; i++) {
        if (!found[i]) {
          found[i] = inField(wanted.get(i), field, value, own);
        }
      }
    }
  }

  /**
   * @param own a field of the message itself, not of one it encloses
   */
  private static boolean inField(Wanted one, HeaderField field, String value, boolean own) {
    return switch (one.where()) {
      case FIELD ->
          own
              && field.is(String.valueOf(one.field()))
              && (one.empty() || contains(one.matcher(), value));
      case ANYWHERE -> contains(one.matcher(), field.name() + ": " + value);
      case BODY -> !own && contains(one.matcher(), field.name() + ": " + value);
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
      header(enclosed, false, email, found);
      body(enclosed, email, found);
    } else if (part.isMultipart()) {
      for (MimePart below : part.parts()) {
        body(below, email, found);
      }
    } else if (part.type().equals("text") || part.type().equals("message")) {
      leaf(part, email, found);
    }
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
