package org.everpost.wire.imap.response;

import java.util.Collection;
import java.util.List;
import org.everpost.wire.imap.NumberSet;

/** What stands in brackets before the text of a status response (RFC 9051 §7.1). */
public sealed interface ResponseCode {

  /** A code without arguments. */
  enum Plain implements ResponseCode {
    ALERT,
    ALREADYEXISTS,
    AUTHENTICATIONFAILED,
    AUTHORIZATIONFAILED,
    CANNOT,
    CLIENTBUG,
    CLOSED,
    /** RFC 4978 §3. */
    COMPRESSIONACTIVE,
    CONTACTADMIN,
    CORRUPTION,
    EXPIRED,
    EXPUNGEISSUED,
    HASCHILDREN,
    INUSE,
    LIMIT,
    NONEXISTENT,
    NOPERM,
    /** RFC 7162 §3.1.2.2. */
    NOMODSEQ,
    NOTSAVED,
    OVERQUOTA,
    PARSE,
    PRIVACYREQUIRED,
    READ_ONLY,
    READ_WRITE,
    SERVERBUG,
    /** RFC 4469 §5, RFC 7889 §4. */
    TOOBIG,
    TRYCREATE,
    UIDNOTSTICKY,
    UNAVAILABLE,
    /** RFC 3516 §4.3. */
    UNKNOWN_CTE,
    /** RFC 6154 §3. */
    USEATTR;

    private final String wireName = name().replace('_', '-');
  }

  /** RFC 4315 §3; one UID a message, in the order of the messages. */
  record AppendUid(long uidValidity, NumberSet uids) implements ResponseCode {}

  /** RFC 4315 §3; both sets ascending, so that they correspond. */
  record CopyUid(long uidValidity, NumberSet from, NumberSet to) implements ResponseCode {}

  record BadCharset(List<String> supported) implements ResponseCode {
    public BadCharset {
      supported = List.copyOf(supported);
    }
  }

  record Capability(List<String> capabilities) implements ResponseCode {
    public Capability {
      capabilities = List.copyOf(capabilities);
    }
  }

  /** RFC 7162 §3.1.2.1. */
  record HighestModSeq(long modSeq) implements ResponseCode {}

  /** RFC 8474 §4.1 and §4.2. */
  record MailboxId(String id) implements ResponseCode {}

  /** RFC 7162 §3.1.3; message numbers or UIDs, as the command had them. */
  record Modified(NumberSet numbers) implements ResponseCode {}

  /** With {@code \*} where new keywords can be made. */
  record PermanentFlags(List<String> flags) implements ResponseCode {
    public PermanentFlags {
      flags = List.copyOf(flags);
    }
  }

  record UidNext(long uid) implements ResponseCode {}

  record UidValidity(long uidValidity) implements ResponseCode {}

  /** RFC 3501 §7.1. */
  record Unseen(long sequenceNumber) implements ResponseCode {}

  /** Writes it without the brackets. */
  default void render(ResponseBuffer out) {
    switch (this) {
      case Plain plain -> out.ascii(plain.wireName);
      case AppendUid(long validity, NumberSet uids) ->
          out.ascii("APPENDUID ").number(validity).space().set(uids);
      case CopyUid(long validity, NumberSet from, NumberSet to) ->
          out.ascii("COPYUID ").number(validity).space().set(from).space().set(to);
      case BadCharset(List<String> supported) -> {
        out.ascii("BADCHARSET (");
        words(supported, out).octet(')');
      }
      case Capability(List<String> capabilities) -> words(capabilities, out.ascii("CAPABILITY "));
      case HighestModSeq(long modSeq) -> out.ascii("HIGHESTMODSEQ ").number(modSeq);
      case MailboxId(String id) -> out.ascii("MAILBOXID (").atom(id).octet(')');
      case Modified(NumberSet numbers) -> out.ascii("MODIFIED ").set(numbers);
      case PermanentFlags(List<String> flags) -> out.ascii("PERMANENTFLAGS ").flags(flags);
      case UidNext(long uid) -> out.ascii("UIDNEXT ").number(uid);
      case UidValidity(long validity) -> out.ascii("UIDVALIDITY ").number(validity);
      case Unseen(long number) -> out.ascii("UNSEEN ").number(number);
    }
  }

  private static ResponseBuffer words(Collection<String> words, ResponseBuffer out) {
    boolean first = true;
    for (String word : words) {
      if (!first) {
        out.space();
      }
      first = false;
      out.atom(word);
    }
    return out;
  }
}
