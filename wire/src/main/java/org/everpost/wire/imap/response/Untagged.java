package org.everpost.wire.imap.response;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.everpost.wire.imap.NumberSet;
import org.jspecify.annotations.Nullable;

/** The short untagged responses, and {@code +} (RFC 9051 §7). */
public final class Untagged {
  private Untagged() {}

  public static void capability(Collection<String> capabilities, ResponseBuffer out) {
    words("* CAPABILITY", capabilities, out);
  }

  public static void enabled(Collection<String> capabilities, ResponseBuffer out) {
    words("* ENABLED", capabilities, out);
  }

  public static void flags(Collection<String> flags, ResponseBuffer out) {
    out.ascii("* FLAGS ").flags(flags).crlf();
  }

  public static void exists(long count, ResponseBuffer out) {
    out.ascii("* ").number(count).ascii(" EXISTS\r\n");
  }

  /** RFC 3501 §7.3.2. */
  public static void recent(long count, ResponseBuffer out) {
    out.ascii("* ").number(count).ascii(" RECENT\r\n");
  }

  public static void expunge(long sequenceNumber, ResponseBuffer out) {
    out.ascii("* ").number(sequenceNumber).ascii(" EXPUNGE\r\n");
  }

  /**
   * RFC 7162 §3.2.10; nothing if no UID is given.
   *
   * @param earlier the messages were gone before, and message numbers do not change
   */
  public static void vanished(boolean earlier, NumberSet uids, ResponseBuffer out) {
    if (!uids.isEmpty()) {
      out.ascii(earlier ? "* VANISHED (EARLIER) " : "* VANISHED ").set(uids).crlf();
    }
  }

  /**
   * SEARCH (RFC 3501 §7.2.5).
   *
   * @param modSeq RFC 7162 §3.1.5; null to leave it out
   */
  public static void search(NumberSet numbers, @Nullable Long modSeq, ResponseBuffer out) {
    out.ascii("* SEARCH");
    numbers.forEach(number -> out.space().number(number));
    if (modSeq != null && !numbers.isEmpty()) {
      out.ascii(" (MODSEQ ").number(modSeq).octet(')');
    }
    out.crlf();
  }

  /** One personal namespace, no other (RFC 9051 §6.3.10). */
  public static void namespace(String prefix, char delimiter, ResponseBuffer out) {
    out.ascii("* NAMESPACE ((").string(prefix).space().string(Character.toString(delimiter));
    out.ascii(")) NIL NIL\r\n");
  }

  /** RFC 2971 §3.2; {@code NIL} if empty. */
  public static void id(Map<String, String> fields, ResponseBuffer out) {
    out.ascii("* ID ");
    if (fields.isEmpty()) {
      out.nil().crlf();
      return;
    }
    boolean first = true;
    for (Map.Entry<String, String> field : fields.entrySet()) {
      out.octet(first ? '(' : ' ').string(field.getKey()).space().string(field.getValue());
      first = false;
    }
    out.octet(')').crlf();
  }

  /** RFC 9208 §4.2.2. */
  public static void quotaRoot(String mailbox, List<String> roots, ResponseBuffer out) {
    out.ascii("* QUOTAROOT ").mailbox(mailbox);
    for (String root : roots) {
      out.space().string(root);
    }
    out.crlf();
  }

  /** How much of a resource is used and allowed; STORAGE is in units of 1024 octets. */
  public record QuotaResource(String name, long usage, long limit) {}

  /** RFC 9208 §4.2.1. */
  public static void quota(String root, List<QuotaResource> resources, ResponseBuffer out) {
    out.ascii("* QUOTA ").string(root).ascii(" (");
    boolean first = true;
    for (QuotaResource resource : resources) {
      out.ascii(first ? "" : " ").atom(resource.name()).space().number(resource.usage());
      out.space().number(resource.limit());
      first = false;
    }
    out.octet(')').crlf();
  }

  /** {@code +} with text: a literal or the DONE of IDLE may come. */
  public static void goOn(String text, ResponseBuffer out) {
    out.ascii("+ ").humanText(text).crlf();
  }

  /** {@code +} with a challenge of SASL (RFC 9051 §6.2.2). */
  public static void challenge(byte[] octets, ResponseBuffer out) {
    out.ascii("+ ");
    out.ascii(new String(Base64.getEncoder().encode(octets), StandardCharsets.US_ASCII)).crlf();
  }

  private static void words(String name, Collection<String> words, ResponseBuffer out) {
    out.ascii(name);
    for (String word : words) {
      out.space().atom(word);
    }
    out.crlf();
  }
}
