package org.everpost.wire.imap.response;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LIST (RFC 9051 §7.3.1), or LSUB of RFC 3501.
 *
 * @param attributes such as {@code \HasChildren} or {@code \Sent}
 * @param delimiter of the hierarchy; null if there is none
 * @param childInfo selection options that hold for a mailbox below (RFC 5258 §4), such as {@code
 *     SUBSCRIBED}
 * @param oldName what the mailbox was called (RFC 9051 §6.3.9.7); null if it is the same
 */
public record ListResponse(
    List<String> attributes,
    @Nullable Character delimiter,
    String mailbox,
    List<String> childInfo,
    @Nullable String oldName) {

  public ListResponse {
    attributes = List.copyOf(attributes);
    childInfo = List.copyOf(childInfo);
  }

  public ListResponse(List<String> attributes, @Nullable Character delimiter, String mailbox) {
    this(attributes, delimiter, mailbox, List.of(), null);
  }

  public void render(ResponseBuffer out) {
    render("* LIST ", out);
    boolean extended = !childInfo.isEmpty() || oldName != null;
    if (extended) {
      out.ascii(" (");
    }
    if (!childInfo.isEmpty()) {
      out.ascii("\"CHILDINFO\" ");
      for (int i = 0; i < childInfo.size(); i++) {
        out.octet(i == 0 ? '(' : ' ').string(childInfo.get(i));
      }
      out.octet(')');
    }
    if (oldName != null) {
      out.ascii(childInfo.isEmpty() ? "" : " ").ascii("\"OLDNAME\" (");
      out.mailbox(oldName).octet(')');
    }
    if (extended) {
      out.octet(')');
    }
    out.crlf();
  }

  /** As LSUB, which has no extended data. */
  public void renderLsub(ResponseBuffer out) {
    render("* LSUB ", out);
    out.crlf();
  }

  private void render(String name, ResponseBuffer out) {
    out.ascii(name).flags(attributes).space();
    if (delimiter == null) {
      out.nil();
    } else {
      out.string(delimiter.toString());
    }
    out.space().mailbox(mailbox);
  }
}
