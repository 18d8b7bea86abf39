package org.everpost.wire.imap;

import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The grammar of commands (RFC 9051 §9); SEARCH, FETCH, LIST and APPEND have their own files. */
final class CommandParser {
  private static final int LONGEST_NAME = 32;

  /** RFC 6154 §2 and RFC 8457. */
  private static final List<String> SPECIAL_USES =
      List.of(
          "\\All",
          "\\Archive",
          "\\Drafts",
          "\\Flagged",
          "\\Junk",
          "\\Sent",
          "\\Trash",
          "\\Important");

  private final Scanner in;

  private CommandParser(Scanner in) {
    this.in = in;
  }

  /**
   * Parses a whole command.
   *
   * @param bytes as on the wire: literals follow their announcement and CRLF
   * @param length octets, without the last CRLF
   * @param utf8 mailbox names are UTF-8, not modified UTF-7
   */
  static TaggedCommand parse(byte[] bytes, int length, boolean utf8) throws ImapSyntaxException {
    Scanner in = new Scanner(bytes, length, utf8);
    String tag = in.tag();
    in.space();
    String name = in.name();
    ImapCommand command = new CommandParser(in).arguments(name);
    if (!(command instanceof ImapCommand.Unknown)) {
      in.expectEnd();
    }
    return new TaggedCommand(tag, command);
  }

  private ImapCommand arguments(String name) throws ImapSyntaxException {
    return switch (name) {
      case "CAPABILITY" -> new ImapCommand.Capability();
      case "NOOP" -> new ImapCommand.Noop();
      case "LOGOUT" -> new ImapCommand.Logout();
      case "STARTTLS" -> new ImapCommand.StartTls();
      case "NAMESPACE" -> new ImapCommand.Namespace();
      case "IDLE" -> new ImapCommand.Idle();
      case "UNAUTHENTICATE" -> new ImapCommand.Unauthenticate();
      case "CHECK" -> new ImapCommand.Check();
      case "CLOSE" -> new ImapCommand.Close();
      case "UNSELECT" -> new ImapCommand.Unselect();
      case "EXPUNGE" -> new ImapCommand.Expunge();
      default -> {
        if (in.atEnd()) {
          yield withoutArguments(name);
        }
        in.space();
        yield withArguments(name);
      }
    };
  }

  /** A command that came without arguments and is known to need some, or is not known. */
  private ImapCommand withoutArguments(String name) throws ImapSyntaxException {
    if (isKnown(name)) {
      throw in.error("Arguments missing");
    }
    return unknown(name);
  }

  private static boolean isKnown(String name) {
    return switch (name) {
      case "ID",
          "COMPRESS",
          "AUTHENTICATE",
          "LOGIN",
          "ENABLE",
          "SELECT",
          "EXAMINE",
          "CREATE",
          "DELETE",
          "RENAME",
          "SUBSCRIBE",
          "UNSUBSCRIBE",
          "LIST",
          "LSUB",
          "STATUS",
          "APPEND",
          "GETQUOTA",
          "GETQUOTAROOT",
          "SETQUOTA",
          "UID",
          "SEARCH",
          "FETCH",
          "STORE",
          "COPY",
          "MOVE" ->
          true;
      default -> false;
    };
  }

  private static ImapCommand unknown(String name) {
    return new ImapCommand.Unknown(
        name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name);
  }

  private ImapCommand withArguments(String name) throws ImapSyntaxException {
    return switch (name) {
      case "ID" -> id();
      case "COMPRESS" -> new ImapCommand.Compress(in.name());
      case "AUTHENTICATE" -> authenticate();
      case "LOGIN" -> login();
      case "ENABLE" -> enable();
      case "SELECT" -> new ImapCommand.Select(in.mailbox(), false, selectParameters());
      case "EXAMINE" -> new ImapCommand.Select(in.mailbox(), true, selectParameters());
      case "CREATE" -> new ImapCommand.Create(in.mailbox(), createParameters());
      case "DELETE" -> new ImapCommand.Delete(in.mailbox());
      case "RENAME" -> rename();
      case "SUBSCRIBE" -> new ImapCommand.Subscribe(in.mailbox());
      case "UNSUBSCRIBE" -> new ImapCommand.Unsubscribe(in.mailbox());
      case "LIST" -> new ListParser(in).list();
      case "LSUB" -> new ListParser(in).lsub();
      case "STATUS" -> status();
      case "APPEND" -> throw in.error("APPEND needs the message as a literal");
      case "GETQUOTA" -> new ImapCommand.GetQuota(in.astring());
      case "GETQUOTAROOT" -> new ImapCommand.GetQuotaRoot(in.mailbox());
      case "SETQUOTA" -> setQuota();
      case "UID" -> uid();
      default -> selected(name, false);
    };
  }

  private ImapCommand uid() throws ImapSyntaxException {
    String name = in.name();
    if (!name.equals("EXPUNGE")) {
      if (in.atEnd() || !isKnown(name)) {
        return unknown("UID " + name);
      }
      in.space();
      return selected(name, true);
    }
    in.space();
    return new ImapCommand.UidExpunge(in.sequenceSet());
  }

  private ImapCommand selected(String name, boolean uid) throws ImapSyntaxException {
    return switch (name) {
      case "SEARCH" -> new SearchParser(in).search(uid);
      case "FETCH" -> new FetchParser(in).fetch(uid);
      case "STORE" -> store(uid);
      case "COPY" -> {
        SequenceSet set = in.sequenceSet();
        in.space();
        yield new ImapCommand.Copy(uid, set, in.mailbox());
      }
      case "MOVE" -> {
        SequenceSet set = in.sequenceSet();
        in.space();
        yield new ImapCommand.Move(uid, set, in.mailbox());
      }
      default -> unknown(uid ? "UID " + name : name);
    };
  }

  /** RFC 2971 §3.1. */
  private ImapCommand id() throws ImapSyntaxException {
    Map<String, String> fields = new LinkedHashMap<>();
    if (in.acceptWord("NIL")) {
      return new ImapCommand.Id(fields);
    }
    in.expect('(');
    for (int count = 0; !in.accept(')'); count++) {
      if (count > 0) {
        in.space();
      }
      if (count == CommandContext.MAX_ID_FIELDS) {
        throw in.error("Too many fields");
      }
      String field = in.decode(in.stringOctets()).toLowerCase(Locale.ROOT);
      in.space();
      String value = in.nstring();
      if (value != null) {
        fields.put(field, value);
      }
    }
    return new ImapCommand.Id(fields);
  }

  private ImapCommand authenticate() throws ImapSyntaxException {
    String mechanism = in.name();
    if (!in.accept(' ')) {
      return new ImapCommand.Authenticate(mechanism, null);
    }
    // RFC 4959 §3: "=" is an initial response of no octets.
    if (in.accept('=')) {
      return new ImapCommand.Authenticate(mechanism, new byte[0]);
    }
    try {
      return new ImapCommand.Authenticate(mechanism, Base64.getDecoder().decode(in.atom()));
    } catch (IllegalArgumentException _) {
      throw in.error("Initial response is not Base64");
    }
  }

  private ImapCommand login() throws ImapSyntaxException {
    String user = in.astring();
    in.space();
    return new ImapCommand.Login(user, in.astring());
  }

  private ImapCommand enable() throws ImapSyntaxException {
    List<String> capabilities = new ArrayList<>();
    do {
      capabilities.add(in.name());
    } while (in.accept(' '));
    return new ImapCommand.Enable(capabilities);
  }

  private ImapCommand rename() throws ImapSyntaxException {
    String from = in.mailbox();
    in.space();
    return new ImapCommand.Rename(from, in.mailbox());
  }

  /** RFC 7162 §7, {@code select-params}. */
  private SelectParameters selectParameters() throws ImapSyntaxException {
    if (!in.accept(' ')) {
      return SelectParameters.NONE;
    }
    boolean condstore = false;
    SelectParameters.Qresync qresync = null;
    in.expect('(');
    do {
      switch (in.name()) {
        case "CONDSTORE" -> condstore = true;
        case "QRESYNC" -> {
          in.space();
          qresync = qresync();
        }
        default -> throw in.error("Unknown parameter");
      }
    } while (in.accept(' '));
    in.expect(')');
    return new SelectParameters(condstore, qresync);
  }

  /** RFC 7162 §3.2.5. */
  private SelectParameters.Qresync qresync() throws ImapSyntaxException {
    in.expect('(');
    long uidValidity = in.nzNumber();
    in.space();
    long modSeq = in.number64();
    SequenceSet known = null;
    SelectParameters.SequenceMatch match = null;
    boolean more = in.accept(' ');
    if (more && !in.nextIs('(')) {
      known = in.plainSet();
      more = in.accept(' ');
    }
    if (more) {
      in.expect('(');
      SequenceSet numbers = in.plainSet();
      in.space();
      SequenceSet uids = in.plainSet();
      in.expect(')');
      if (numbers.resolve(0).size() != uids.resolve(0).size()) {
        throw in.error("Message numbers and UIDs do not match");
      }
      match = new SelectParameters.SequenceMatch(numbers, uids);
    }
    in.expect(')');
    return new SelectParameters.Qresync(uidValidity, modSeq, known, match);
  }

  /** RFC 6154 §3. */
  private List<String> createParameters() throws ImapSyntaxException {
    if (!in.accept(' ')) {
      return List.of();
    }
    in.expect('(');
    if (!in.acceptWord("USE")) {
      throw in.error("Unknown parameter");
    }
    in.space();
    in.expect('(');
    List<String> uses = new ArrayList<>();
    while (!in.accept(')')) {
      if (!uses.isEmpty()) {
        in.space();
      }
      in.expect('\\');
      String use = "\\" + in.atom();
      uses.add(
          SPECIAL_USES.stream().filter(known -> known.equalsIgnoreCase(use)).findAny().orElse(use));
    }
    in.expect(')');
    return uses;
  }

  private ImapCommand status() throws ImapSyntaxException {
    String mailbox = in.mailbox();
    in.space();
    return new ImapCommand.Status(mailbox, statusItems(in));
  }

  /** {@code "(" status-att *(SP status-att) ")"}. */
  static Set<StatusItem> statusItems(Scanner in) throws ImapSyntaxException {
    Set<StatusItem> items = EnumSet.noneOf(StatusItem.class);
    in.expect('(');
    do {
      StatusItem item = StatusItem.named(in.name());
      if (item == null) {
        throw in.error("Unknown STATUS item");
      }
      items.add(item);
    } while (in.accept(' '));
    in.expect(')');
    return items;
  }

  /** RFC 9208 §4.1.3. */
  private ImapCommand setQuota() throws ImapSyntaxException {
    String root = in.astring();
    in.space();
    in.expect('(');
    Map<String, Long> limits = new LinkedHashMap<>();
    while (!in.accept(')')) {
      if (!limits.isEmpty()) {
        in.space();
      }
      String resource = in.name();
      in.space();
      if (limits.put(resource, in.number64()) != null) {
        throw in.error("A resource is given twice");
      }
    }
    return new ImapCommand.SetQuota(root, limits);
  }

  private ImapCommand store(boolean uid) throws ImapSyntaxException {
    SequenceSet set = in.sequenceSet();
    in.space();
    Long unchangedSince = null;
    if (in.accept('(')) {
      if (!in.acceptWord("UNCHANGEDSINCE")) {
        throw in.error("Unknown modifier");
      }
      in.space();
      unchangedSince = in.number64();
      in.expect(')');
      in.space();
    }
    StoreOperation.Action action = StoreOperation.Action.REPLACE;
    if (in.accept('+')) {
      action = StoreOperation.Action.ADD;
    } else if (in.accept('-')) {
      action = StoreOperation.Action.REMOVE;
    }
    if (!in.acceptWord("FLAGS")) {
      throw in.error("Expected FLAGS");
    }
    boolean silent = in.acceptWord(".SILENT");
    in.space();
    List<String> flags = in.nextIs('(') ? in.flagList() : in.flags();
    return new ImapCommand.Store(
        uid, set, new StoreOperation(action, silent, flags, unchangedSince));
  }
}
