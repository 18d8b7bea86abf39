package org.everpost.wire.imap;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command, without its tag. The four groups are the states in which RFC 9051 §6 allows it; {@link
 * Unknown} stands outside of them.
 *
 * <p>{@code uid} on a command means its UID form: the set holds UIDs, and so does what is answered.
 */
public sealed interface ImapCommand {

  /** Allowed in every state (RFC 9051 §6.1). */
  sealed interface AnyState extends ImapCommand {}

  /** Allowed before login only (RFC 9051 §6.2). */
  sealed interface NotAuthenticated extends ImapCommand {}

  /** Allowed after login, with or without a selected mailbox (RFC 9051 §6.3). */
  sealed interface Authenticated extends ImapCommand {}

  /** Allowed with a selected mailbox only (RFC 9051 §6.4). */
  sealed interface Selected extends ImapCommand {}

  /** A command we do not know; {@code name} in capitals, as far as it can be shown safely. */
  record Unknown(String name) implements ImapCommand {}

  record Capability() implements AnyState {}

  record Noop() implements AnyState {}

  record Logout() implements AnyState {}

  /** RFC 2971; names in lower case, those whose value is NIL are left out. */
  record Id(Map<String, String> fields) implements AnyState {
    public Id {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  /** RFC 4978; the mechanism in capitals. */
  record Compress(String mechanism) implements AnyState {}

  record StartTls() implements NotAuthenticated {}

  /**
   * RFC 9051 §6.2.2.
   *
   * @param mechanism in capitals
   * @param initialResponse decoded; empty array for {@code =}, null if not given (RFC 4959)
   */
  @SuppressWarnings("ArrayRecordComponent") // equals and hashCode below look at the content
  record Authenticate(String mechanism, byte @Nullable [] initialResponse)
      implements NotAuthenticated {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Authenticate that
          && mechanism.equals(that.mechanism)
          && Arrays.equals(initialResponse, that.initialResponse);
    }

    @Override
    public int hashCode() {
      return 31 * mechanism.hashCode() + Arrays.hashCode(initialResponse);
    }

    /** Without the initial response, which may hold a password. */
    @Override
    public String toString() {
      return "Authenticate[" + mechanism + "]";
    }
  }

  record Login(String user, String password) implements NotAuthenticated {
    /** Without the password. */
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /** RFC 5161; names in capitals, in the order given. */
  record Enable(List<String> capabilities) implements Authenticated {
    public Enable {
      capabilities = List.copyOf(capabilities);
    }
  }

  /** SELECT, or EXAMINE if {@code readOnly}. */
  record Select(String mailbox, boolean readOnly, SelectParameters parameters)
      implements Authenticated {}

  /**
   * CREATE.
   *
   * @param specialUse attributes such as {@code \Sent} (RFC 6154 §3), spelled as there
   */
  record Create(String mailbox, List<String> specialUse) implements Authenticated {
    public Create {
      specialUse = List.copyOf(specialUse);
    }
  }

  record Delete(String mailbox) implements Authenticated {}

  record Rename(String from, String to) implements Authenticated {}

  record Subscribe(String mailbox) implements Authenticated {}

  record Unsubscribe(String mailbox) implements Authenticated {}

  /**
   * LIST (RFC 9051 §6.3.9).
   *
   * @param patterns as Unicode, with the wildcards {@code *} and {@code %}; one empty pattern asks
   *     for the hierarchy delimiter, unless {@code extended}; those no name can match are left out
   * @param status what {@code RETURN (STATUS …)} asks for; empty if it does not
   * @param extended whether the command used the syntax of RFC 5258
   */
  record ListMailboxes(
      Set<ListSelection> selection,
      String reference,
      List<String> patterns,
      Set<ListReturn> returning,
      Set<StatusItem> status,
      boolean extended)
      implements Authenticated {
    public ListMailboxes {
      selection = immutable(ListSelection.class, selection);
      patterns = List.copyOf(patterns);
      returning = immutable(ListReturn.class, returning);
      status = immutable(StatusItem.class, status);
    }
  }

  /**
   * LSUB (RFC 3501 §6.3.9).
   *
   * @param pattern null if no name can match it
   */
  record Lsub(String reference, @Nullable String pattern) implements Authenticated {}

  record Namespace() implements Authenticated {}

  record Status(String mailbox, Set<StatusItem> items) implements Authenticated {
    public Status {
      items = immutable(StatusItem.class, items);
    }
  }

  /** APPEND, complete: its messages have all been streamed away ({@link CommandStep.Message}). */
  record Append(String mailbox, List<AppendMessage> messages) implements Authenticated {
    public Append {
      messages = List.copyOf(messages);
    }
  }

  /** RFC 2177; the server then reads one line itself, which should be {@code DONE}. */
  record Idle() implements Authenticated {}

  record GetQuota(String root) implements Authenticated {}

  record GetQuotaRoot(String mailbox) implements Authenticated {}

  /** RFC 9208 §4.1.3; resource names in capitals. */
  record SetQuota(String root, Map<String, Long> limits) implements Authenticated {
    public SetQuota {
      limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
    }
  }

  /** RFC 8437. */
  record Unauthenticate() implements Authenticated {}

  /** RFC 3501 §6.4.1. */
  record Check() implements Selected {}

  record Close() implements Selected {}

  record Unselect() implements Selected {}

  record Expunge() implements Selected {}

  /** UID EXPUNGE (RFC 9051 §6.4.9). */
  record UidExpunge(SequenceSet uids) implements Selected {}

  /**
   * SEARCH.
   *
   * @param returning empty if the command had no RETURN; {@code RETURN ()} is {@code ALL}
   * @param charset as given, in capitals; null if not given
   * @param key where the charset is not supported its texts are undecoded and of no use
   */
  record Search(boolean uid, Set<SearchReturn> returning, @Nullable String charset, SearchKey key)
      implements Selected {
    public Search {
      returning = immutable(SearchReturn.class, returning);
    }

    /** Whether the texts are understood; if not the answer is {@code NO [BADCHARSET (UTF-8)]}. */
    public boolean charsetSupported() {
      return charset == null || charset.equals("UTF-8") || charset.equals("US-ASCII");
    }
  }

  /** FETCH; macros are expanded, nothing is asked for twice. */
  record Fetch(boolean uid, SequenceSet set, List<FetchItem> items, FetchModifiers modifiers)
      implements Selected {
    public Fetch {
      items = List.copyOf(items);
    }
  }

  record Store(boolean uid, SequenceSet set, StoreOperation operation) implements Selected {}

  record Copy(boolean uid, SequenceSet set, String mailbox) implements Selected {}

  record Move(boolean uid, SequenceSet set, String mailbox) implements Selected {}

  /** Which mailboxes LIST looks at (RFC 5258 §3, RFC 6154 §2). */
  enum ListSelection {
    SUBSCRIBED,
    REMOTE,
    RECURSIVEMATCH,
    SPECIAL_USE
  }

  /** What LIST tells of each mailbox (RFC 5258 §3, RFC 6154 §2, RFC 5819). */
  enum ListReturn {
    SUBSCRIBED,
    CHILDREN,
    SPECIAL_USE,
    STATUS
  }

  private static <E extends Enum<E>> Set<E> immutable(Class<E> type, Set<E> given) {
    EnumSet<E> copy = EnumSet.noneOf(type);
    copy.addAll(given);
    return Collections.unmodifiableSet(copy);
  }
}
