package org.everpost.wire.imap;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes commands as a client does, choosing among the forms that the grammar allows. */
final class CommandWriter {
  private final RandomGenerator random;
  private final boolean utf8;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  CommandWriter(RandomGenerator random, boolean utf8) {
    this.random = random;
    this.utf8 = utf8;
  }

  /** The whole command, with the last CRLF. */
  byte[] write(TaggedCommand command) {
    out.reset();
    raw(command.tag()).raw(" ");
    command(command.command());
    raw("\r\n");
    return out.toByteArray();
  }

  private void command(ImapCommand command) {
    switch (command) {
      case ImapCommand.Unknown c -> raw(c.name());
      case ImapCommand.Capability _ -> word("CAPABILITY");
      case ImapCommand.Noop _ -> word("NOOP");
      case ImapCommand.Logout _ -> word("LOGOUT");
      case ImapCommand.StartTls _ -> word("STARTTLS");
      case ImapCommand.Namespace _ -> word("NAMESPACE");
      case ImapCommand.Idle _ -> word("IDLE");
      case ImapCommand.Unauthenticate _ -> word("UNAUTHENTICATE");
      case ImapCommand.Check _ -> word("CHECK");
      case ImapCommand.Close _ -> word("CLOSE");
      case ImapCommand.Unselect _ -> word("UNSELECT");
      case ImapCommand.Expunge _ -> word("EXPUNGE");
      case ImapCommand.Id c -> id(c);
      case ImapCommand.Compress c -> word("COMPRESS ").word(c.mechanism());
      case ImapCommand.Authenticate c -> authenticate(c);
      case ImapCommand.Login c -> word("LOGIN ").string(c.user()).raw(" ").string(c.password());
      case ImapCommand.Enable c -> word("ENABLE ").word(String.join(" ", c.capabilities()));
      case ImapCommand.Select c -> select(c);
      case ImapCommand.Create c -> {
        word("CREATE ").mailbox(c.mailbox());
        if (!c.specialUse().isEmpty()) {
          word(" (USE ").raw("(" + String.join(" ", c.specialUse()) + "))");
        }
      }
      case ImapCommand.Delete c -> word("DELETE ").mailbox(c.mailbox());
      case ImapCommand.Rename c -> word("RENAME ").mailbox(c.from()).raw(" ").mailbox(c.to());
      case ImapCommand.Subscribe c -> word("SUBSCRIBE ").mailbox(c.mailbox());
      case ImapCommand.Unsubscribe c -> word("UNSUBSCRIBE ").mailbox(c.mailbox());
      case ImapCommand.ListMailboxes c -> list(c);
      case ImapCommand.Lsub c ->
          word("LSUB ")
              .mailbox(c.reference())
              .raw(" ")
              .mailbox(Objects.requireNonNull(c.pattern()));
      case ImapCommand.Status c -> {
        word("STATUS ").mailbox(c.mailbox()).raw(" ");
        statusItems(c.items());
      }
      case ImapCommand.Append c -> append(c);
      case ImapCommand.GetQuota c -> word("GETQUOTA ").string(c.root());
      case ImapCommand.GetQuotaRoot c -> word("GETQUOTAROOT ").mailbox(c.mailbox());
      case ImapCommand.SetQuota c -> {
        word("SETQUOTA ").string(c.root()).raw(" (");
        raw(
            c.limits().entrySet().stream()
                .map(limit -> limit.getKey() + " " + limit.getValue())
                .collect(Collectors.joining(" ")));
        raw(")");
      }
      case ImapCommand.UidExpunge c -> word("UID EXPUNGE ").raw(c.uids().toString());
      case ImapCommand.Search c -> search(c);
      case ImapCommand.Fetch c -> fetch(c);
      case ImapCommand.Store c -> store(c);
      case ImapCommand.Copy c ->
          word(c.uid() ? "UID COPY " : "COPY ").raw(c.set() + " ").mailbox(c.mailbox());
      case ImapCommand.Move c ->
          word(c.uid() ? "UID MOVE " : "MOVE ").raw(c.set() + " ").mailbox(c.mailbox());
    }
  }

  private void id(ImapCommand.Id command) {
    word("ID ");
    if (command.fields().isEmpty()) {
      raw(random.nextBoolean() ? "NIL" : "()");
      return;
    }
    char before = '(';
    for (Map.Entry<String, String> field : command.fields().entrySet()) {
      raw(Character.toString(before)).quotedOrLiteral(field.getKey()).raw(" ");
      quotedOrLiteral(field.getValue());
      before = ' ';
    }
    raw(")");
  }

  private void authenticate(ImapCommand.Authenticate command) {
    word("AUTHENTICATE ").word(command.mechanism());
    byte[] response = command.initialResponse();
    if (response != null) {
      raw(" ").raw(response.length == 0 ? "=" : Base64.getEncoder().encodeToString(response));
    }
  }

  private void select(ImapCommand.Select command) {
    word(command.readOnly() ? "EXAMINE " : "SELECT ").mailbox(command.mailbox());
    List<String> parameters = new ArrayList<>();
    if (command.parameters().condstore()) {
      parameters.add("CONDSTORE");
    }
    SelectParameters.Qresync qresync = command.parameters().qresync();
    if (qresync != null) {
      String text = "QRESYNC (" + qresync.uidValidity() + " " + qresync.modSeq();
      text += qresync.knownUids() == null ? "" : " " + qresync.knownUids();
      SelectParameters.SequenceMatch match = qresync.match();
      text += match == null ? "" : " (" + match.numbers() + " " + match.uids() + ")";
      parameters.add(text + ")");
    }
    if (!parameters.isEmpty()) {
      raw(" (").word(String.join(" ", parameters)).raw(")");
    }
  }

  private void list(ImapCommand.ListMailboxes command) {
    word("LIST ");
    if (command.extended()) {
      word(names(command.selection())).raw(" ");
    }
    mailbox(command.reference()).raw(" ");
    if (command.patterns().size() == 1) {
      mailbox(command.patterns().getFirst());
    } else {
      char before = '(';
      for (String pattern : command.patterns()) {
        raw(Character.toString(before)).mailbox(pattern);
        before = ' ';
      }
      raw(")");
    }
    if (!command.returning().isEmpty()) {
      String status = "STATUS " + statusNames(command.status());
      word(" RETURN ").word(names(command.returning()).replace("STATUS", status));
    }
  }

  private static String names(Collection<? extends Enum<?>> values) {
    return values.stream()
        .map(value -> value.name().replace('_', '-'))
        .collect(Collectors.joining(" ", "(", ")"));
  }

  private static String statusNames(Collection<StatusItem> items) {
    return items.stream().map(StatusItem::wireName).collect(Collectors.joining(" ", "(", ")"));
  }

  private void statusItems(Collection<StatusItem> items) {
    word(statusNames(items));
  }

  private void append(ImapCommand.Append command) {
    word("APPEND ").mailbox(command.mailbox());
    for (AppendMessage message : command.messages()) {
      raw(" ");
      if (!message.flags().isEmpty() || random.nextBoolean()) {
        raw("(" + String.join(" ", message.flags()) + ") ");
      }
      if (message.internalDate() != null) {
        raw("\"" + ImapDateTime.format(message.internalDate()) + "\" ");
      }
      word(message.utf8() ? "UTF8 (" : "").raw(message.binary() ? "~{" : "{");
      raw(message.size() + (random.nextBoolean() ? "+}\r\n" : "}\r\n"));
      for (int i = 0; i < message.size(); i++) {
        out.write(random.nextInt(256));
      }
      raw(message.utf8() ? ")" : "");
    }
  }

  private void search(ImapCommand.Search command) {
    word(command.uid() ? "UID SEARCH " : "SEARCH ");
    if (!command.returning().isEmpty()) {
      word("RETURN ").word(names(command.returning())).raw(" ");
    }
    if (command.charset() != null) {
      word("CHARSET ").string(command.charset()).raw(" ");
    }
    if (command.key() instanceof SearchKey.And(List<SearchKey> keys) && random.nextBoolean()) {
      keys(keys);
    } else {
      key(command.key());
    }
  }

  private void keys(List<SearchKey> keys) {
    String before = "";
    for (SearchKey key : keys) {
      raw(before);
      key(key);
      before = " ";
    }
  }

  private void key(SearchKey key) {
    switch (key) {
      case SearchKey.All _ -> word("ALL");
      case SearchKey.And k -> {
        raw("(");
        keys(k.keys());
        raw(")");
      }
      case SearchKey.Or k -> {
        for (SearchKey one : k.keys().subList(0, k.keys().size() - 1)) {
          word("OR ");
          key(one);
          raw(" ");
        }
        key(k.keys().getLast());
      }
      case SearchKey.Not k -> {
        word("NOT ");
        key(k.key());
      }
      case SearchKey.Numbers k -> raw(k.set().toString());
      case SearchKey.Uids k -> word("UID ").raw(k.set().toString());
      case SearchKey.HasFlag k -> {
        if (k.flag().startsWith("\\")) {
          word(k.flag().substring(1));
        } else {
          word("KEYWORD ").raw(k.flag());
        }
      }
      case SearchKey.Date k -> {
        word(
            switch (k.of()) {
              case INTERNALDATE -> "";
              case SENT -> "SENT";
              case SAVEDATE -> "SAVED";
            });
        String date = ImapDateTime.formatDate(k.day());
        word(k.when().name()).raw(random.nextBoolean() ? " " + date : " \"" + date + "\"");
      }
      case SearchKey.SaveDateSupported _ -> word("SAVEDATESUPPORTED");
      case SearchKey.Older k -> word("OLDER ").raw("" + k.seconds());
      case SearchKey.Younger k -> word("YOUNGER ").raw("" + k.seconds());
      case SearchKey.EnvelopeField k -> word(k.field().name()).raw(" ").string(k.text());
      case SearchKey.Header k -> word("HEADER ").string(k.name()).raw(" ").string(k.text());
      case SearchKey.Body k -> word("BODY ").string(k.text());
      case SearchKey.Text k -> word("TEXT ").string(k.text());
      case SearchKey.Larger k -> word("LARGER ").raw("" + k.octets());
      case SearchKey.Smaller k -> word("SMALLER ").raw("" + k.octets());
      case SearchKey.ModSeq k ->
          word("MODSEQ ")
              .raw(random.nextBoolean() ? "" : "\"/flags/\\\\seen\" all ")
              .raw("" + k.modSeq());
      case SearchKey.EmailId k -> word("EMAILID ").raw(k.id());
      case SearchKey.ThreadId k -> word("THREADID ").raw(k.id());
    }
  }

  private void fetch(ImapCommand.Fetch command) {
    word(command.uid() ? "UID FETCH " : "FETCH ").raw(command.set() + " ");
    boolean single = command.items().size() == 1 && random.nextBoolean();
    String before = single ? "" : "(";
    for (FetchItem item : command.items()) {
      raw(before);
      fetchItem(item);
      before = " ";
    }
    raw(single ? "" : ")");
    Long changedSince = command.modifiers().changedSince();
    if (changedSince != null) {
      word(" (CHANGEDSINCE " + changedSince);
      word(command.modifiers().vanished() ? " VANISHED)" : ")");
    }
  }

  private void fetchItem(FetchItem item) {
    switch (item) {
      case FetchItem.Attribute a -> word(a.name().replace('_', '.'));
      case FetchItem.BinarySize b -> word("BINARY.SIZE[").raw(part(b.part()) + "]");
      case FetchItem.BinaryOctets b ->
          word(b.peek() ? "BINARY.PEEK[" : "BINARY[")
              .raw(part(b.part()) + "]")
              .raw(partial(b.partial()));
      case FetchItem.BodyOctets b -> {
        if (b.name() != FetchItem.Name.BODY) {
          word(b.name().name().replace('_', '.'));
          return;
        }
        Section section = b.section();
        word(b.peek() ? "BODY.PEEK[" : "BODY[").raw(part(section.part()));
        if (section.specifier() != Section.Specifier.ALL) {
          raw(section.part().isEmpty() ? "" : ".");
          word(section.specifier().name().replace('_', '.'));
        }
        String before = " (";
        for (String field : section.fields()) {
          raw(before).string(field);
          before = " ";
        }
        raw(section.fields().isEmpty() ? "]" : ")]").raw(partial(b.partial()));
      }
    }
  }

  private static String part(List<Integer> part) {
    return part.stream().map(String::valueOf).collect(Collectors.joining("."));
  }

  private static String partial(@Nullable Partial partial) {
    return partial == null ? "" : "<" + partial.offset() + "." + partial.length() + ">";
  }

  private void store(ImapCommand.Store command) {
    StoreOperation operation = command.operation();
    word(command.uid() ? "UID STORE " : "STORE ").raw(command.set() + " ");
    if (operation.unchangedSince() != null) {
      word("(UNCHANGEDSINCE ").raw(operation.unchangedSince() + ") ");
    }
    raw(
        switch (operation.action()) {
          case REPLACE -> "";
          case ADD -> "+";
          case REMOVE -> "-";
        });
    word(operation.silent() ? "FLAGS.SILENT " : "FLAGS ");
    String flags = String.join(" ", operation.flags());
    raw(flags.isEmpty() || random.nextBoolean() ? "(" + flags + ")" : flags);
  }

  private CommandWriter mailbox(String name) {
    return string(utf8 ? name : ModifiedUtf7.encode(name));
  }

  /** An {@code astring}. */
  private CommandWriter string(String text) {
    boolean atom = !text.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      atom &= text.charAt(i) < 0x7F && Scanner.isAstringChar((byte) text.charAt(i));
    }
    return atom && random.nextBoolean() ? raw(text) : quotedOrLiteral(text);
  }

  private CommandWriter quotedOrLiteral(String text) {
    boolean line = text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0;
    if (!line && random.nextBoolean()) {
      return raw("\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }
    int size = text.getBytes(StandardCharsets.UTF_8).length;
    return raw("{" + size + (random.nextBoolean() ? "+}\r\n" : "}\r\n")).raw(text);
  }

  /** A word of the grammar, the case of which does not count. */
  private CommandWriter word(String word) {
    StringBuilder mixed = new StringBuilder(word);
    for (int i = 0; i < mixed.length(); i++) {
      if (random.nextInt(4) == 0) {
        mixed.setCharAt(i, Character.toLowerCase(mixed.charAt(i)));
      }
    }
    return raw(mixed.toString());
  }

  private CommandWriter raw(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }
}
