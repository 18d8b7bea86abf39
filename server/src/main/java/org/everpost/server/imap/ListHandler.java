package org.everpost.server.imap;

import java.io.IOException;
import java.util.ArrayList;
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
    for (MailboxTree.Node node : tree.nodes()) {
      if (patterns.stream().noneMatch(p -> p.matches(node.name()))) {
        continue;
      }
      ListResponse response = response(node, tree, command);
      if (response != null) {
        response.render(out.buffer());
        out.end();
        MailboxView view = node.view();
        if (command.returning().contains(ListReturn.STATUS) && view != null) {
          status.write(view, command.status(), mail, dialogue);
        }
      }
    }
    return Reply.ok("LIST completed");
  }

  private static @Nullable List<MailboxPattern> patterns(String reference, List<String> patterns) {
    int length = 0;
    List<MailboxPattern> result = new ArrayList<>();
    for (String pattern : patterns) {
      length += reference.length() + pattern.length();
      result.add(MailboxPattern.of(reference, pattern));
    }
    return length > MAX_PATTERNS ? null : result;
  }

  /** Null if the mailbox is not selected by the command's options (RFC 5258 §3.1). */
  private static @Nullable ListResponse response(
      MailboxTree.Node node, MailboxTree tree, ImapCommand.ListMailboxes command) {
    Set<ListSelection> selection = command.selection();
    MailboxView view = node.view();
    boolean subscribed = tree.isSubscribed(node.name());
    boolean wantsSubscribed = selection.contains(ListSelection.SUBSCRIBED);
    boolean selected =
        wantsSubscribed ? subscribed : view != null || (node.levelOnly() && selection.isEmpty());
    if (selection.contains(ListSelection.SPECIAL_USE)) {
      selected &= view != null && !view.specialUse().isEmpty();
    }
    List<String> childInfo = List.of();
    if (selection.contains(ListSelection.RECURSIVEMATCH)
        && wantsSubscribed
        && tree.hasSubscribedBelow(node.name())) {
      childInfo = List.of("SUBSCRIBED");
    }
    if (!selected && childInfo.isEmpty()) {
      return null;
    }
    boolean tellSubscribed = wantsSubscribed || command.returning().contains(ListReturn.SUBSCRIBED);
    return new ListResponse(
        attributes(node, tree, subscribed && tellSubscribed),
        MailboxNames.SEPARATOR,
        node.name(),
        childInfo,
        null);
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
    List<MailboxPattern> patterns = patterns(command.reference(), List.of(command.pattern()));
    if (patterns == null) {
      return Reply.no(ResponseCode.Plain.LIMIT, "The pattern is too long");
    }
    MailboxPattern pattern = patterns.getFirst();
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
