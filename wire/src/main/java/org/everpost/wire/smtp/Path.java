package org.everpost.wire.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.address.LocalPart;

/**
 * A reverse-path or forward-path (RFC 5321 §4.1.2), without the source route, which is ignored
 * (appendix F.2).
 */
public sealed interface Path {

  /** The null reverse-path {@code <>}: of notifications, which nobody answers (§4.5.5). */
  record Null() implements Path {
    @Override
    public String toString() {
      return "<>";
    }
  }

  /** {@code <Postmaster>} without a domain, as a recipient (§4.1.1.3). */
  record Postmaster() implements Path {
    @Override
    public String toString() {
      return "<Postmaster>";
    }
  }

  /** A mailbox at a domain. */
  record Address(EmailAddress address) implements Path {
    public Address {
      Objects.requireNonNull(address, "address");
    }

    @Override
    public String toString() {
      return "<" + address + ">";
    }
  }

  /** A mailbox at an IP address. */
  record AtLiteral(String localPart, AddressLiteral literal) implements Path {
    public AtLiteral {
      Objects.requireNonNull(literal, "literal");
      int octets = localPart.getBytes(StandardCharsets.UTF_8).length;
      if (octets < 1 || octets > 64) {
        throw new IllegalArgumentException("the part before the @ has 1 to 64 octets");
      }
      if (localPart.codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("the part before the @ has a control character");
      }
    }

    @Override
    public String toString() {
      return "<" + LocalPart.quoted(localPart) + "@" + literal + ">";
    }
  }

  /** Whether it may be used only with SMTPUTF8 (RFC 6531 §3.4): a local part beyond ASCII. */
  default boolean isInternationalised() {
    return switch (this) {
      case Null _, Postmaster _ -> false;
      case Address a -> a.address().isInternationalised();
      case AtLiteral l -> l.localPart().chars().anyMatch(c -> c > 126);
    };
  }
}
