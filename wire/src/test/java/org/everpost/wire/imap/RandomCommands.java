package org.everpost.wire.imap;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes commands of every kind that a parser can return, from a seed. */
final class RandomCommands {
  private final RandomGenerator random;

  RandomCommands(RandomGenerator random) {
    this.random = random;
  }

  ImapCommand next() {
    return switch (random.nextInt(40)) {
      case 0 -> new ImapCommand.Unknown(pick("XFROB", "UID XFROB", "GET"));
      case 1 -> new ImapCommand.Capability();
      case 2 -> new ImapCommand.Noop();
      case 3 -> new ImapCommand.Logout();
      case 4 -> new ImapCommand.Id(id());
      case 5 -> new ImapCommand.Compress("DEFLATE");
      case 6 -> new ImapCommand.StartTls();
      case 7 ->
          new ImapCommand.Authenticate(
              pick("PLAIN", "SCRAM-SHA-256"),
              random.nextBoolean() ? null : text().getBytes(StandardCharsets.UTF_8));
      case 8 -> new ImapCommand.Login(text(), text());
      case 9 -> new ImapCommand.Enable(list(1, () -> pick("CONDSTORE", "QRESYNC", "IMAP4REV2")));
      case 10, 11 -> new ImapCommand.Select(mailbox(), random.nextBoolean(), selectParameters());
      case 12 -> new ImapCommand.Create(mailbox(), list(0, () -> pick("\\Sent", "\\Junk", "\\x")));
      case 13 -> new ImapCommand.Delete(mailbox());
      case 14 -> new ImapCommand.Rename(mailbox(), mailbox());
      case 15 -> new ImapCommand.Subscribe(mailbox());
      case 16 -> new ImapCommand.Unsubscribe(mailbox());
      case 17, 18 -> listMailboxes();
      case 19 -> new ImapCommand.Lsub(name(), name() + pick("", "*", "%"));
      case 20 -> new ImapCommand.Namespace();
      case 21 -> new ImapCommand.Status(mailbox(), some(StatusItem.class, 1));
      case 22 -> new ImapCommand.Idle();
      case 23 -> new ImapCommand.GetQuota(text());
      case 24 -> new ImapCommand.GetQuotaRoot(mailbox());
      case 25 -> new ImapCommand.SetQuota(text(), Map.of("STORAGE", number()));
      case 26 -> new ImapCommand.Unauthenticate();
      case 27 -> new ImapCommand.Check();
      case 28 -> new ImapCommand.Close();
      case 29 -> new ImapCommand.Unselect();
      case 30 -> new ImapCommand.Expunge();
      case 31 -> new ImapCommand.UidExpunge(set());
      case 32, 33 ->
          new ImapCommand.Search(
              random.nextBoolean(),
              some(SearchReturn.class, 0),
              random.nextBoolean() ? null : "UTF-8",
              key(0));
      case 34, 35 -> fetch();
      case 36 -> new ImapCommand.Store(random.nextBoolean(), set(), storeOperation());
      case 37 -> new ImapCommand.Copy(random.nextBoolean(), set(), mailbox());
      case 38 -> new ImapCommand.Move(random.nextBoolean(), set(), mailbox());
      default -> new ImapCommand.Append(mailbox(), list(1, this::appendMessage));
    };
  }

  private Map<String, String> id() {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      fields.put(text().toLowerCase(Locale.ROOT), text());
    }
    return fields;
  }

  private SelectParameters selectParameters() {
    SelectParameters.Qresync qresync = null;
    if (random.nextBoolean()) {
      long first = 1L + random.nextInt(1000);
      qresync =
          new SelectParameters.Qresync(
              nzNumber(),
              number(),
              random.nextBoolean() ? null : SequenceSet.of(1, 5, 7, 7),
              random.nextBoolean()
                  ? null
                  : new SelectParameters.SequenceMatch(
                      SequenceSet.of(1, 3), SequenceSet.of(first, first + 2)));
    }
    return new SelectParameters(random.nextBoolean(), qresync);
  }

  private ImapCommand listMailboxes() {
    boolean extended = random.nextBoolean();
    if (!extended) {
      return new ImapCommand.ListMailboxes(
          Set.of(), name(), List.of(name() + pick("", "*", "%")), Set.of(), Set.of(), false);
    }
    Set<ImapCommand.ListSelection> selection = some(ImapCommand.ListSelection.class, 0);
    if (selection.contains(ImapCommand.ListSelection.RECURSIVEMATCH)) {
      selection.add(ImapCommand.ListSelection.SUBSCRIBED);
    }
    Set<ImapCommand.ListReturn> returning = some(ImapCommand.ListReturn.class, 0);
    Set<StatusItem> status =
        returning.contains(ImapCommand.ListReturn.STATUS)
            ? some(StatusItem.class, 1)
            : EnumSet.noneOf(StatusItem.class);
    return new ImapCommand.ListMailboxes(
        selection, name(), list(1, () -> name() + pick("", "*", "%")), returning, status, true);
  }

  private ImapCommand fetch() {
    boolean uid = random.nextBoolean();
    FetchModifiers modifiers =
        random.nextBoolean()
            ? FetchModifiers.NONE
            : new FetchModifiers(number(), uid && random.nextBoolean());
    Set<FetchItem> items = new LinkedHashSet<>(list(1, this::fetchItem));
    return new ImapCommand.Fetch(uid, set(), List.copyOf(items), modifiers);
  }

  private FetchItem fetchItem() {
    return switch (random.nextInt(5)) {
      case 0 -> new FetchItem.BinaryOctets(part(0), random.nextBoolean(), partial());
      case 1 -> new FetchItem.BinarySize(part(0));
      case 2 ->
          new FetchItem.BodyOctets(section(), random.nextBoolean(), partial(), FetchItem.Name.BODY);
      case 3 -> new FetchItem.BodyOctets(Section.HEADER, true, null, FetchItem.Name.RFC822_HEADER);
      default -> pick(FetchItem.Attribute.values());
    };
  }

  private Section section() {
    Section.Specifier specifier = pick(Section.Specifier.values());
    boolean fields =
        specifier == Section.Specifier.HEADER_FIELDS
            || specifier == Section.Specifier.HEADER_FIELDS_NOT;
    return new Section(
        part(specifier == Section.Specifier.MIME ? 1 : 0),
        specifier,
        fields ? List.of("Date", pick("X-Spam", "a b")) : List.of());
  }

  private List<Integer> part(int least) {
    return list(least, () -> 1 + random.nextInt(20));
  }

  private @Nullable Partial partial() {
    return random.nextBoolean() ? null : new Partial(number(), nzNumber());
  }

  private StoreOperation storeOperation() {
    return new StoreOperation(
        pick(StoreOperation.Action.values()),
        random.nextBoolean(),
        flags(),
        random.nextBoolean() ? null : number());
  }

  private AppendMessage appendMessage() {
    boolean binary = random.nextBoolean();
    return new AppendMessage(
        flags(),
        random.nextBoolean() ? null : Instant.ofEpochSecond(random.nextLong(4_000_000_000L)),
        binary,
        binary && random.nextBoolean(),
        random.nextInt(50));
  }

  private List<String> flags() {
    return List.copyOf(new LinkedHashSet<>(list(0, () -> pick("\\Seen", "\\x", "$Junk", "own"))));
  }

  private SearchKey key(int depth) {
    int kind = random.nextInt(depth > 4 ? 15 : 18);
    return switch (kind) {
      case 0 -> new SearchKey.All();
      case 1 -> new SearchKey.Numbers(set());
      case 2 -> new SearchKey.Uids(set());
      case 3 -> new SearchKey.HasFlag(pick(Flag.SEEN, Flag.RECENT, "own", Flag.JUNK));
      case 4 ->
          new SearchKey.Date(
              pick(SearchKey.DateOf.values()),
              pick(SearchKey.When.values()),
              LocalDate.ofEpochDay(random.nextInt(30_000)));
      case 5 -> new SearchKey.SaveDateSupported();
      case 6 -> new SearchKey.Older(nzNumber());
      case 7 -> new SearchKey.Younger(nzNumber());
      case 8 -> new SearchKey.EnvelopeField(pick(SearchKey.Field.values()), text());
      case 9 -> new SearchKey.Header(text(), text());
      case 10 -> random.nextBoolean() ? new SearchKey.Body(text()) : new SearchKey.Text(text());
      case 11 -> new SearchKey.Larger(number());
      case 12 -> new SearchKey.Smaller(number());
      case 13 -> new SearchKey.ModSeq(number());
      case 14 ->
          random.nextBoolean() ? new SearchKey.EmailId("M1") : new SearchKey.ThreadId("T-_2");
      case 15 -> new SearchKey.And(list(2, () -> key(depth + 1)));
      case 16 -> {
        // What says the same arrives the same: the last of a chain is no OR itself.
        List<SearchKey> keys = new ArrayList<>(list(2, () -> key(depth + 1)));
        yield keys.getLast() instanceof SearchKey.Or
            ? new SearchKey.Not(new SearchKey.All())
            : new SearchKey.Or(keys);
      }
      default -> {
        SearchKey inner = key(depth + 1);
        yield inner instanceof SearchKey.Not ? inner : new SearchKey.Not(inner);
      }
    };
  }

  private SequenceSet set() {
    if (random.nextInt(10) == 0) {
      return SequenceSet.SAVED;
    }
    long[] bounds = new long[2 * (1 + random.nextInt(4))];
    for (int i = 0; i < bounds.length; i += 2) {
      bounds[i] = random.nextInt(8) == 0 ? SequenceSet.STAR : nzNumber();
      bounds[i + 1] = random.nextBoolean() ? bounds[i] : nzNumber();
    }
    return SequenceSet.of(bounds);
  }

  private String mailbox() {
    return random.nextInt(4) == 0 ? "INBOX" : name();
  }

  private String name() {
    return pick("", "a", "Entwürfe/日本語", "R&D", "a b", "x\"y\\z", "nil", "#news.x", "😀-&-");
  }

  private String text() {
    return pick("", "x", "a b", "NIL", "\"\\", "ü\r\n{3}\r\n", "]", "日本語", "{1+}", "(", "a*%");
  }

  private long number() {
    return random.nextBoolean() ? random.nextInt(10) : random.nextLong(Long.MAX_VALUE);
  }

  private long nzNumber() {
    return random.nextBoolean() ? 1 + random.nextInt(9) : 1 + random.nextLong(NumberSet.MAX);
  }

  @SafeVarargs
  private <T> T pick(T... of) {
    return of[random.nextInt(of.length)];
  }

  private <T> List<T> list(int least, Supplier<T> make) {
    List<T> list = new ArrayList<>();
    for (int i = least + random.nextInt(3); i > 0; i--) {
      list.add(make.get());
    }
    return list;
  }

  private <E extends Enum<E>> Set<E> some(Class<E> type, int least) {
    Set<E> some = EnumSet.noneOf(type);
    E[] all = type.getEnumConstants();
    for (int i = least + random.nextInt(4); i > 0; i--) {
      some.add(all[random.nextInt(all.length)]);
    }
    return some;
  }
}
