package org.everpost.wire.imap;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.everpost.wire.imap.SearchKey.DateOf;
import org.everpost.wire.imap.SearchKey.Field;
import org.everpost.wire.imap.SearchKey.HasFlag;
import org.everpost.wire.imap.SearchKey.Not;
import org.everpost.wire.imap.SearchKey.When;
import org.jspecify.annotations.Nullable;

/** The arguments of SEARCH (RFC 9051 §6.4.4 and those that add keys). */
final class SearchParser {
  private final Scanner in;
  private int keys;
  private boolean decodable = true;

  SearchParser(Scanner in) {
    this.in = in;
  }

  ImapCommand search(boolean uid) throws ImapSyntaxException {
    Set<SearchReturn> returning = EnumSet.noneOf(SearchReturn.class);
    if (in.acceptWord("RETURN ")) {
      returning(returning);
      in.space();
    }
    String charset = null;
    if (in.acceptWord("CHARSET ")) {
      charset = in.astring().toUpperCase(Locale.ROOT);
      in.space();
    }
    decodable = charset == null || charset.equals("UTF-8") || charset.equals("US-ASCII");
    SearchKey key = keys(0);
    return new ImapCommand.Search(uid, returning, charset, key);
  }

  private void returning(Set<SearchReturn> returning) throws ImapSyntaxException {
    in.expect('(');
    boolean first = true;
    while (!in.accept(')')) {
      if (!first) {
        in.space();
      }
      first = false;
      returning.add(
          switch (in.name()) {
            case "MIN" -> SearchReturn.MIN;
            case "MAX" -> SearchReturn.MAX;
            case "ALL" -> SearchReturn.ALL;
            case "COUNT" -> SearchReturn.COUNT;
            case "SAVE" -> SearchReturn.SAVE;
            default -> throw in.error("Unknown return option");
          });
    }
    // RFC 9051 §6.4.4: RETURN () is RETURN (ALL).
    if (returning.isEmpty()) {
      returning.add(SearchReturn.ALL);
    }
  }

  /** One key or several that must all be true. */
  private SearchKey keys(int depth) throws ImapSyntaxException {
    SearchKey first = key(depth);
    if (!in.nextIs(' ')) {
      return first;
    }
    List<SearchKey> all = new ArrayList<>();
    all.add(first);
    while (in.accept(' ')) {
      all.add(key(depth));
    }
    return new SearchKey.And(all);
  }

  private SearchKey key(int depth) throws ImapSyntaxException {
    if (depth > CommandContext.MAX_SEARCH_DEPTH) {
      throw in.error("Search nested too deeply");
    }
    if (++keys > CommandContext.MAX_SEARCH_KEYS) {
      throw in.error("Too many search keys");
    }
    if (in.accept('(')) {
      SearchKey inner = keys(depth + 1);
      in.expect(')');
      return inner;
    }
    int c = in.peek();
    if ((c >= '0' && c <= '9') || c == '*' || c == '$') {
      return new SearchKey.Numbers(in.sequenceSet());
    }
    String name = in.name();
    return switch (name) {
      case "NOT" -> not(depth);
      case "OR" -> or(depth);
      case "UID" -> new SearchKey.Uids(argumentSet());
      case "KEYWORD" -> new HasFlag(keyword());
      case "UNKEYWORD" -> new Not(new HasFlag(keyword()));
      case "MODSEQ" -> modSeq();
      default -> {
        SearchKey key = flagKey(name);
        if (key == null) {
          key = dateKey(name);
        }
        if (key == null) {
          key = argumentKey(name);
        }
        yield key;
      }
    };
  }

  /** NOT NOT a is a, so a chain of them costs no stack. */
  private SearchKey not(int depth) throws ImapSyntaxException {
    boolean negated = true;
    in.space();
    while (in.acceptWord("NOT ")) {
      negated = !negated;
    }
    SearchKey key = key(depth + 1);
    return negated ? new Not(key) : key;
  }

  /** OR a OR b c is one of three: clients look for hundreds of Message-IDs that way. */
  private SearchKey or(int depth) throws ImapSyntaxException {
    List<SearchKey> any = new ArrayList<>();
    do {
      in.space();
      any.add(key(depth + 1));
      in.space();
    } while (acceptOr());
    any.add(key(depth + 1));
    return new SearchKey.Or(any);
  }

  private boolean acceptOr() {
    // The space after it is left for the loop above.
    return in.nextIsWord("OR ") && in.acceptWord("OR");
  }

  private static @Nullable SearchKey flagKey(String name) {
    return switch (name) {
      case "ALL" -> new SearchKey.All();
      case "ANSWERED" -> new HasFlag(Flag.ANSWERED);
      case "DELETED" -> new HasFlag(Flag.DELETED);
      case "DRAFT" -> new HasFlag(Flag.DRAFT);
      case "FLAGGED" -> new HasFlag(Flag.FLAGGED);
      case "SEEN" -> new HasFlag(Flag.SEEN);
      case "UNANSWERED" -> new Not(new HasFlag(Flag.ANSWERED));
      case "UNDELETED" -> new Not(new HasFlag(Flag.DELETED));
      case "UNDRAFT" -> new Not(new HasFlag(Flag.DRAFT));
      case "UNFLAGGED" -> new Not(new HasFlag(Flag.FLAGGED));
      case "UNSEEN" -> new Not(new HasFlag(Flag.SEEN));
      // RFC 3501 §6.4.4; gone from RFC 9051.
      case "RECENT" -> new HasFlag(Flag.RECENT);
      case "OLD" -> new Not(new HasFlag(Flag.RECENT));
      case "NEW" ->
          new SearchKey.And(List.of(new HasFlag(Flag.RECENT), new Not(new HasFlag(Flag.SEEN))));
      case "SAVEDATESUPPORTED" -> new SearchKey.SaveDateSupported();
      default -> null;
    };
  }

  private @Nullable SearchKey dateKey(String name) throws ImapSyntaxException {
    return switch (name) {
      case "BEFORE" -> new SearchKey.Date(DateOf.INTERNALDATE, When.BEFORE, date());
      case "ON" -> new SearchKey.Date(DateOf.INTERNALDATE, When.ON, date());
      case "SINCE" -> new SearchKey.Date(DateOf.INTERNALDATE, When.SINCE, date());
      case "SENTBEFORE" -> new SearchKey.Date(DateOf.SENT, When.BEFORE, date());
      case "SENTON" -> new SearchKey.Date(DateOf.SENT, When.ON, date());
      case "SENTSINCE" -> new SearchKey.Date(DateOf.SENT, When.SINCE, date());
      case "SAVEDBEFORE" -> new SearchKey.Date(DateOf.SAVEDATE, When.BEFORE, date());
      case "SAVEDON" -> new SearchKey.Date(DateOf.SAVEDATE, When.ON, date());
      case "SAVEDSINCE" -> new SearchKey.Date(DateOf.SAVEDATE, When.SINCE, date());
      default -> null;
    };
  }

  private SearchKey argumentKey(String name) throws ImapSyntaxException {
    return switch (name) {
      case "FROM" -> new SearchKey.EnvelopeField(Field.FROM, text());
      case "TO" -> new SearchKey.EnvelopeField(Field.TO, text());
      case "CC" -> new SearchKey.EnvelopeField(Field.CC, text());
      case "BCC" -> new SearchKey.EnvelopeField(Field.BCC, text());
      case "SUBJECT" -> new SearchKey.EnvelopeField(Field.SUBJECT, text());
      case "BODY" -> new SearchKey.Body(text());
      case "TEXT" -> new SearchKey.Text(text());
      case "HEADER" -> {
        String field = text();
        yield new SearchKey.Header(field, text());
      }
      case "LARGER" -> new SearchKey.Larger(number());
      case "SMALLER" -> new SearchKey.Smaller(number());
      case "OLDER" -> new SearchKey.Older(seconds());
      case "YOUNGER" -> new SearchKey.Younger(seconds());
      case "EMAILID" -> new SearchKey.EmailId(text());
      case "THREADID" -> new SearchKey.ThreadId(text());
      default -> throw in.error("Unknown search key");
    };
  }

  /** RFC 7162 §3.1.5; all metadata of ours shares one value, so the entry name does not count. */
  private SearchKey modSeq() throws ImapSyntaxException {
    in.space();
    if (in.nextIs('"')) {
      in.stringOctets();
      in.space();
      switch (in.name()) {
        case "ALL", "PRIV", "SHARED" -> in.space();
        default -> throw in.error("Expected ALL, PRIV or SHARED");
      }
    }
    return new SearchKey.ModSeq(in.number64());
  }

  private SequenceSet argumentSet() throws ImapSyntaxException {
    in.space();
    return in.sequenceSet();
  }

  private String keyword() throws ImapSyntaxException {
    in.space();
    return Flag.canonical(in.atom());
  }

  private long number() throws ImapSyntaxException {
    in.space();
    return in.number64();
  }

  private long seconds() throws ImapSyntaxException {
    in.space();
    return in.nzNumber();
  }

  private String text() throws ImapSyntaxException {
    in.space();
    byte[] octets = in.astringOctets();
    return decodable ? in.decode(octets) : new String(octets, StandardCharsets.ISO_8859_1);
  }

  private LocalDate date() throws ImapSyntaxException {
    in.space();
    LocalDate date = ImapDateTime.parseDate(in.astring());
    if (date == null) {
      throw in.error("Not a date");
    }
    return date;
  }
}
