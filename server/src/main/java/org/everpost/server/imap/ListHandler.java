package org.everpost.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.everpost.core.mailbox.MailAccount;
import org.everpost.core.mailbox.MailboxNames;
import org.everpost.core.mailbox.MailboxView;
import org.everpost.core.mailbox.SpecialUse;
import org.everpost.wire.imap.ImapCommand;
import org.everpost.wire.imap.ImapCommand.ListReturn;
import org.everpost.wire.imap.ImapCommand.ListSelection;
import org.everpost.wire.imap.response.ListResponse;
import org.everpost.wire.imap.response.ResponseCode;
import org.jspecify.annotations.Nullable;

/** LIST (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154) and LSUB (RFC 3501 §6.3.9). */
final class ListHandler {

  /** All patterns of a command together, in characters. */
  private static final int MAX_PATTERNS = 4_096;

  private final StatusHandler status;

  ListHandler(StatusHandler status) {
    this.status = status;
  }

  Reply list(ImapCommand.ListMailboxes command, State.LoggedIn in, Dialogue dialogue)
      throws IOException {
    Responses out = dialogue.out();
    if (!command.extended() && command.patterns().equals(List.of(""))) {
      // RFC 9051 §6.3.9: the delimiter and the root are asked for.
      new ListResponse(List.of("\\Noselect"), MailboxNames.SEPARATOR, "").render(out.buffer());
      out.end();
      return Reply.ok("LIST completed");
    }
    List<MailboxPattern> patterns = patterns(command.reference(), command.patterns());
    if (patterns == null) {
      return Reply.no(ResponseCode.Plain.LIMIT, "The patterns are too long");
    }
    MailAccount mail = in.user().mail();
    MailboxTree tree = new MailboxTree(mail.refresh());
    Set<String> matched = new HashSet<>();
    for (MailboxTree.Node node : tree.nodes()) {
      if (patterns.stream().anyMatch(p -> p.matches(node.name()))) {
        matched.add(node.name());
      }
    }
    for (MailboxTree.Node node : tree.nodes()) {
      if (!matched.contains(node.name())) {
        continue;
      }
      boolean selected = isSelected(node, tree, command.selection());
      List<String> childInfo = childInfo(node, selected, matched, tree, command.selection());
      if (!selected && childInfo.isEmpty()) {
        continue;
      }
      write(node, childInfo, tree, command, out);
      MailboxView view = node.view();
      // RFC 9051 §6.3.9: of what does not match itself no STATUS is told.
      if (selected && command.returning().contains(ListReturn.STATUS) && view != null) {
        status.write(view, command.status(), mail, dialogue);
      }
    }
    return Reply.ok("LIST completed");
  }

  /** Null if they are too much work. */
  private static @Nullable List<MailboxPattern> patterns(String reference, List<String> patterns) {
    int length = 0;
    List<MailboxPattern> result = new ArrayList<>();
    for (String text : patterns) {
      MailboxPattern pattern = MailboxPattern.of(reference, text);
      if (pattern.isPossible()) {
        length += pattern.length();
        result.add(pattern);
      }
    }
    return length > MAX_PATTERNS ? null : result;
  }

  /** Whether a name is one of those the command's options select (RFC 5258 §3.1). */
  private static boolean isSelected(
      MailboxTree.Node node, MailboxTree tree, Set<ListSelection> selection) {
    MailboxView view = node.view();
    if (selection.contains(ListSelection.SPECIAL_USE)
        && (view == null || view.specialUse().isEmpty())) {
      return false;
    }
    return selection.contains(ListSelection.SUBSCRIBED)
        ? tree.isSubscribed(node.name())
        : view != null || (node.levelOnly() && selection.isEmpty());
  }

  /**
   * The options that hold for names below (RFC 9051 §6.3.9.6). Who matches only by such names is
   * not told if the client hears of all of them anyway.
   */
  private static List<String> childInfo(
      MailboxTree.Node node,
      boolean selected,
      Set<String> matched,
      MailboxTree tree,
      Set<ListSelection> selection) {
    if (selection.contains(ListSelection.RECURSIVEMATCH)) {
      for (MailboxTree.Node below : tree.below(node.name())) {
        if ((selected || !matched.contains(below.name())) && isSelected(below, tree, selection)) {
          return List.of("SUBSCRIBED");
        }
      }
    }
    return List.of();
  }

  private static void write(
      MailboxTree.Node node,
      List<String> childInfo,
      MailboxTree tree,
      ImapCommand.ListMailboxes command,
      Responses out)
      throws IOException {
    boolean tellSubscribed =
        command.selection().contains(ListSelection.SUBSCRIBED)
            || command.returning().contains(ListReturn.SUBSCRIBED);
    List<String> attributes =
        attributes(node, tree, tellSubscribed && tree.isSubscribed(node.name()));
    new ListResponse(attributes, MailboxNames.SEPARATOR, node.name(), childInfo, null)
        .render(out.buffer());
    out.end();
  }

  private static List<String> attributes(
      MailboxTree.Node node, MailboxTree tree, boolean subscribed) {
    Set<String> attributes = new LinkedHashSet<>();
    MailboxView view = node.view();
    if (view == null) {
      // RFC 9051 §7.3.1: the first implies the second, but not for clients of RFC 3501.
      attributes.add("\\NonExistent");
      attributes.add("\\Noselect");
    }
    if (subscribed) {
      attributes.add("\\Subscribed");
    }
    attributes.add(tree.hasChildren(node.name()) ? "\\HasChildren" : "\\HasNoChildren");
    if (view != null) {
      for (SpecialUse use : view.specialUse()) {
        attributes.add(use.attribute());
      }
    }
    return List.copyOf(attributes);
  }

  Reply lsub(ImapCommand.Lsub command, State.LoggedIn in, Dialogue dialogue) throws IOException {
    String asked = command.pattern();
    MailboxPattern pattern = asked == null ? null : MailboxPattern.of(command.reference(), asked);
    if (pattern == null || !pattern.isPossible()) {
      return Reply.ok("LSUB completed");
    }
    Set<String> named = new LinkedHashSet<>();
    for (String name : in.user().mail().refresh().subscriptions()) {
      if (pattern.matches(name)) {
        lsub(List.of(), name, dialogue);
        continue;
      }
      // RFC 3501 §6.3.9: with % a level above what is subscribed is told as one not to select.
      String above = levelAbove(name, pattern);
      if (above != null && named.add(above)) {
        lsub(List.of("\\Noselect"), above, dialogue);
      }
    }
    return Reply.ok("LSUB completed");
  }

  private static void lsub(List<String> attributes, String name, Dialogue dialogue)
      throws IOException {
    new ListResponse(attributes, MailboxNames.SEPARATOR, name).renderLsub(dialogue.out().buffer());
    dialogue.out().end();
  }

  private static @Nullable String levelAbove(String name, MailboxPattern pattern) {
    for (int end = name.lastIndexOf(MailboxNames.SEPARATOR);
        end > 0;
        end = name.lastIndexOf(MailboxNames.SEPARATOR, end - 1)) {
      String above = name.substring(0, end);
      if (pattern.matches(above)) {
        return above;
      }
    }
    return null;
  }
}
