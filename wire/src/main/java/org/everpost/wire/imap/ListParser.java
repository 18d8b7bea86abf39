package org.everpost.wire.imap;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.everpost.wire.imap.ImapCommand.ListReturn;
import org.everpost.wire.imap.ImapCommand.ListSelection;
import org.jspecify.annotations.Nullable;

/** The arguments of LIST and LSUB (RFC 9051 §6.3.9, RFC 5258 §6, RFC 3501 §6.3.9). */
final class ListParser {
  private final Scanner in;

  ListParser(Scanner in) {
    this.in = in;
  }

  ImapCommand lsub() throws ImapSyntaxException {
    String reference = in.reference();
    in.space();
    String pattern = in.pattern();
    return reference == null
        ? new ImapCommand.Lsub("", null)
        : new ImapCommand.Lsub(reference, pattern);
  }

  ImapCommand list() throws ImapSyntaxException {
    boolean extended = false;
    Set<ListSelection> selection = EnumSet.noneOf(ListSelection.class);
    if (in.nextIs('(')) {
      extended = true;
      selection(selection);
      in.space();
    }
    String reference = in.reference();
    in.space();
    List<String> patterns = new ArrayList<>();
    if (in.accept('(')) {
      extended = true;
      int count = 0;
      do {
        if (++count > CommandContext.MAX_LIST_PATTERNS) {
          throw in.error("Too many patterns");
        }
        pattern(reference, patterns);
      } while (in.accept(' '));
      in.expect(')');
    } else {
      pattern(reference, patterns);
    }
    Set<ListReturn> returning = EnumSet.noneOf(ListReturn.class);
    Set<StatusItem> status = EnumSet.noneOf(StatusItem.class);
    if (in.accept(' ')) {
      extended = true;
      returning(returning, status);
    }
    return new ImapCommand.ListMailboxes(
        selection, reference == null ? "" : reference, patterns, returning, status, extended);
  }

  /** Takes a pattern; one that no name can match is left out (RFC 9051 §6.3.9). */
  private void pattern(@Nullable String reference, List<String> patterns)
      throws ImapSyntaxException {
    String pattern = in.pattern();
    if (pattern != null && (reference != null || pattern.isEmpty())) {
      patterns.add(pattern);
    }
  }

  private void selection(Set<ListSelection> selection) throws ImapSyntaxException {
    in.expect('(');
    boolean first = true;
    while (!in.accept(')')) {
      if (!first) {
        in.space();
      }
      first = false;
      selection.add(
          switch (in.name()) {
            case "SUBSCRIBED" -> ListSelection.SUBSCRIBED;
            case "REMOTE" -> ListSelection.REMOTE;
            case "RECURSIVEMATCH" -> ListSelection.RECURSIVEMATCH;
            case "SPECIAL-USE" -> ListSelection.SPECIAL_USE;
            default -> throw in.error("Unknown selection option");
          });
    }
    // RFC 5258 §6: it needs a list-select-base-opt; REMOTE is none, nor SPECIAL-USE (RFC 6154 §6).
    if (selection.contains(ListSelection.RECURSIVEMATCH)
        && !selection.contains(ListSelection.SUBSCRIBED)) {
      throw in.error("RECURSIVEMATCH needs another option");
    }
  }

  private void returning(Set<ListReturn> returning, Set<StatusItem> status)
      throws ImapSyntaxException {
    if (!in.acceptWord("RETURN")) {
      throw in.error("Expected RETURN");
    }
    in.space();
    in.expect('(');
    boolean first = true;
    while (!in.accept(')')) {
      if (!first) {
        in.space();
      }
      first = false;
      switch (in.name()) {
        case "SUBSCRIBED" -> returning.add(ListReturn.SUBSCRIBED);
        case "CHILDREN" -> returning.add(ListReturn.CHILDREN);
        case "SPECIAL-USE" -> returning.add(ListReturn.SPECIAL_USE);
        case "STATUS" -> {
          // RFC 5819 §2.
          in.space();
          returning.add(ListReturn.STATUS);
          status.addAll(CommandParser.statusItems(in));
        }
        default -> throw in.error("Unknown return option");
      }
    }
  }
}
