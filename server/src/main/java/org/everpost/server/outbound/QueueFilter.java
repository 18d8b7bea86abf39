package org.everpost.server.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.everpost.core.spool.SpooledMessage;
import org.everpost.core.spool.SpooledRecipient;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of the queue are meant; what is null does not matter.
 *
 * @param sender whose they are, see {@link SpooledMessage}
 * @param from the reverse-path: an address, or a domain; empty: the null path
 * @param to an address or a domain that one of those recipients has who still wait for it
 * @param held whether only those that are held
 * @param age that they have at least
 */
public record QueueFilter(
    @Nullable String sender,
    @Nullable String from,
    @Nullable String to,
    boolean held,
    @Nullable Duration age) {

  /** Every message. */
  public static final QueueFilter ALL = new QueueFilter(null, null, null, false, null);

  /**
   * @throws IllegalArgumentException if a domain or an address is none
   */
  public QueueFilter {
    sender = sender == null ? null : pattern(sender);
    from = from == null ? null : pattern(from);
    to = to == null ? null : pattern(to);
  }

  /** As addresses and domains are compared. */
  private static String pattern(String text) {
    if (text.isEmpty() || text.equals("<>")) {
      return "";
    }
    if (text.endsWith("]")) {
      return text.toLowerCase(Locale.ROOT); // an address literal, or somebody there
    }
    return text.indexOf('@') < 0
        ? DomainName.of(text).ascii()
        : EmailAddress.ofName(text).toString().toLowerCase(Locale.ROOT);
  }

  /** Whether it is one of them. */
  boolean matches(SpooledMessage message, Instant now) {
    return (sender == null || sender.equalsIgnoreCase(message.sender()))
        && (from == null || is(message.envelope().from(), from))
        && (!held || message.held() != null)
        && (age == null || !message.accepted().plus(age).isAfter(now))
        && (to == null || message.recipients().stream().anyMatch(this::concerns));
  }

  /** Whether a recipient still waits and is meant. */
  boolean concerns(SpooledRecipient recipient) {
    return recipient.isWaiting() && (to == null || is(recipient.to(), to));
  }

  private static boolean is(Path path, String pattern) {
    return switch (path) {
      case Path.Address(var address) ->
          pattern.indexOf('@') < 0
              ? address.domain().ascii().equals(pattern)
              : address.toString().toLowerCase(Locale.ROOT).equals(pattern);
      case Path.AtLiteral literal ->
          pattern.indexOf('@') < 0
              ? literal.literal().toString().toLowerCase(Locale.ROOT).equals(pattern)
              : literal.toString().toLowerCase(Locale.ROOT).equals("<" + pattern + ">");
      case Path.Null _ -> pattern.isEmpty();
      case Path.Postmaster _ -> false;
    };
  }
}
