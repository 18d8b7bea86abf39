package org.everpost.server.imap.search;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import java.util.function.LongPredicate;
import org.everpost.core.mailbox.Email;
import org.everpost.core.mailbox.Flags;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.MessageList;
import org.everpost.core.mailbox.UidSet;
import org.everpost.wire.imap.NumberSet;
import org.everpost.wire.imap.SearchKey;
import org.everpost.wire.imap.SequenceSet;
import org.everpost.wire.mime.EncodedWord;
import org.everpost.wire.mime.Envelope;
import org.everpost.wire.mime.EnvelopeAddress;
import org.jspecify.annotations.Nullable;

/** Makes keys ready for one view: sets resolved, flags as bits, dates as seconds. */
final class CriterionCompiler {
  private final MailboxView view;
  private final MessageList list;
  private final UidSet saved;
  private final long now;
  private final TextScan texts;

  /**
   * @param saved what {@code $} means
   * @param texts gets the texts that are to be looked for in the content
   */
  CriterionCompiler(MailboxView view, UidSet saved, Instant now, TextScan texts) {
    this.view = view;
    this.list = view.loaded();
    this.saved = saved;
    this.now = now.getEpochSecond();
    this.texts = texts;
  }

  Criterion compile(SearchKey key) {
    return switch (key) {
      case SearchKey.All() -> Criterion.ALWAYS;
      case SearchKey.And(List<SearchKey> keys) ->
          new Criterion.And(keys.stream().map(this::compile).toList());
      case SearchKey.Or(List<SearchKey> keys) ->
          new Criterion.Or(keys.stream().map(this::compile).toList());
      case SearchKey.Not(SearchKey inner) -> new Criterion.Not(compile(inner));
      case SearchKey.Numbers(SequenceSet set) -> numbers(set);
      case SearchKey.Uids(SequenceSet set) -> uids(set);
      case SearchKey.HasFlag(String flag) -> flag(flag);
      case SearchKey.Date date -> date(date);
      case SearchKey.SaveDateSupported() -> Criterion.ALWAYS;
      // RFC 5032 §2.
      case SearchKey.Older(long seconds) ->
          inList(list::internalDate, date -> date <= now - seconds);
      case SearchKey.Younger(long seconds) ->
          inList(list::internalDate, date -> date >= now - seconds);
      case SearchKey.EnvelopeField(SearchKey.Field field, String text) -> field(field, text);
      case SearchKey.Header(String name, String text) -> header(name, text);
      case SearchKey.Body(String text) -> texts.body(text);
      case SearchKey.Text(String text) -> texts.text(text);
      case SearchKey.Larger(long octets) -> inList(list::size, size -> size > octets);
      case SearchKey.Smaller(long octets) -> inList(list::size, size -> size < octets);
      case SearchKey.ModSeq(long modSeq) -> inList(list::modSeq, m -> m >= modSeq);
      case SearchKey.EmailId(String id) ->
          new Criterion.InList(index -> list.email(index).toString().equals(id));
      // No message has one: THREADID is NIL (RFC 8474 §5.2).
      case SearchKey.ThreadId _ -> Criterion.NEVER;
    };
  }

  private static Criterion inList(IntToLongFunction value, LongPredicate predicate) {
    return new Criterion.InList(index -> predicate.test(value.applyAsLong(index)));
  }

  private Criterion numbers(SequenceSet set) {
    if (set.isSaved()) {
      return new Criterion.InList(index -> saved.contains(list.uid(index)));
    }
    NumberSet numbers = set.resolve(list.count());
    return new Criterion.InList(index -> numbers.contains(index + 1L));
  }

  private Criterion uids(SequenceSet set) {
    if (set.isSaved()) {
      return numbers(set);
    }
    NumberSet uids = set.resolve(list.count() == 0 ? 0 : list.uid(list.count() - 1));
    return inList(list::uid, uids::contains);
  }

  private Criterion flag(String flag) {
    long bit = flag.startsWith("\\") ? Flags.system(flag) : Flags.keyword(view.keywords(), flag);
    return bit == 0 ? Criterion.NEVER : inList(list::flags, flags -> (flags & bit) != 0);
  }

  private Criterion date(SearchKey.Date date) {
    LocalDate day = date.day();
    if (date.of() == SearchKey.DateOf.SENT) {
      return new Criterion.InEmail(email -> isThen(sent(email), date.when(), day));
    }
    long begin = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    long end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    IntToLongFunction value =
        date.of() == SearchKey.DateOf.SAVEDATE ? list::saveDate : list::internalDate;
    return switch (date.when()) {
      case BEFORE -> inList(value, seconds -> seconds < begin);
      case ON -> inList(value, seconds -> seconds >= begin && seconds < end);
      case SINCE -> inList(value, seconds -> seconds >= begin);
    };
  }

  private static @Nullable LocalDate sent(Email email) {
    Envelope envelope = email.structure().envelope();
    return envelope == null ? null : SentDate.parse(envelope.date());
  }

  private static boolean isThen(@Nullable LocalDate sent, SearchKey.When when, LocalDate day) {
    if (sent == null) {
      return false;
    }
    return switch (when) {
      case BEFORE -> sent.isBefore(day);
      case ON -> sent.equals(day);
      case SINCE -> !sent.isBefore(day);
    };
  }

  private static Criterion field(SearchKey.Field field, String text) {
    return switch (field) {
      case FROM -> addresses(Envelope::from, text);
      case TO -> addresses(Envelope::to, text);
      case CC -> addresses(Envelope::cc, text);
      case BCC -> addresses(Envelope::bcc, text);
      case SUBJECT -> envelope(Envelope::subject, text);
    };
  }

  private static Criterion addresses(
      Function<Envelope, List<EnvelopeAddress>> addresses, String text) {
    return envelope(
        envelope -> {
          StringBuilder all = new StringBuilder();
          for (EnvelopeAddress address : addresses.apply(envelope)) {
            append(address.name(), "", all.append(all.isEmpty() ? "" : ", "));
            append(address.mailbox(), " <", all);
            append(address.host(), "@", all);
            all.append(address.host() == null ? "" : ">");
          }
          return all.toString();
        },
        text);
  }

  private static void append(@Nullable String text, String before, StringBuilder all) {
    if (text != null) {
      all.append(before).append(text);
    }
  }

  /** An empty text matches every message that has the field (RFC 9051 §6.4.4, HEADER). */
  private static Criterion envelope(Function<Envelope, @Nullable String> field, String text) {
    char[] folded = Text.fold(text);
    return new Criterion.InEmail(email -> {
      Envelope envelope = email.structure().envelope();
      String value = envelope == null ? null : field.apply(envelope);
      return value != null
          && (folded.length == 0 || Text.contains(EncodedWord.decode(value), folded));
    });
  }

  /** What the envelope has is not looked for in the content. */
  private Criterion header(String name, String text) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "message-id" -> envelope(Envelope::messageId, text);
      case "in-reply-to" -> envelope(Envelope::inReplyTo, text);
      case "subject" -> envelope(Envelope::subject, text);
      default -> texts.header(name, text);
    };
  }
}
