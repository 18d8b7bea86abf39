package org.everpost.wire.spf;

import java.util.Objects;
import org.everpost.wire.smtp.AddressLiteral;
import org.jspecify.annotations.Nullable;

/** A set of addresses (RFC 7208 §5). Each is shown as it is written. */
public sealed interface Mechanism {

  /** §5.1: everybody. */
  record All() implements Mechanism {
    @Override
    public String toString() {
      return "all";
    }
  }

  /** §5.2: those who pass for another domain. */
  record Include(MacroString domain) implements Mechanism {
    public Include {
      Objects.requireNonNull(domain, "domain");
    }

    @Override
    public String toString() {
      return "include:" + domain;
    }
  }

  /**
   * §5.3: the addresses of a name.
   *
   * @param domain null: of the domain itself
   */
  record A(@Nullable MacroString domain, PrefixLengths lengths) implements Mechanism {
    public A {
      Objects.requireNonNull(lengths, "lengths");
    }

    @Override
    public String toString() {
      return "a" + (domain == null ? "" : ":" + domain) + lengths;
    }
  }

  /**
   * §5.4: the addresses of the servers that take mail for a domain.
   *
   * @param domain null: for the domain itself
   */
  record Mx(@Nullable MacroString domain, PrefixLengths lengths) implements Mechanism {
    public Mx {
      Objects.requireNonNull(lengths, "lengths");
    }

    @Override
    public String toString() {
      return "mx" + (domain == null ? "" : ":" + domain) + lengths;
    }
  }

  /**
   * §5.5: those whose name is below a domain.
   *
   * @param domain null: below the domain itself
   */
  record Ptr(@Nullable MacroString domain) implements Mechanism {
    @Override
    public String toString() {
      return "ptr" + (domain == null ? "" : ":" + domain);
    }
  }

  /**
   * §5.6: a network.
   *
   * @param address four numbers
   */
  record Ip4(String address, int bits) implements Mechanism {
    public Ip4 {
      AddressLiteral _ = new AddressLiteral(address); // or it throws
      Objects.checkIndex(bits, PrefixLengths.IP4_BITS + 1);
    }

    @Override
    public String toString() {
      return "ip4:" + address + (bits == PrefixLengths.IP4_BITS ? "" : "/" + bits);
    }
  }

  /**
   * §5.6: a network.
   *
   * @param address as RFC 4291 §2.2 has it
   */
  record Ip6(String address, int bits) implements Mechanism {
    public Ip6 {
      AddressLiteral _ = new AddressLiteral("IPv6:" + address); // or it throws
      Objects.checkIndex(bits, PrefixLengths.IP6_BITS + 1);
    }

    @Override
    public String toString() {
      return "ip6:" + address + (bits == PrefixLengths.IP6_BITS ? "" : "/" + bits);
    }
  }

  /** §5.7: everybody, if there is such a name. */
  record Exists(MacroString domain) implements Mechanism {
    public Exists {
      Objects.requireNonNull(domain, "domain");
    }

    @Override
    public String toString() {
      return "exists:" + domain;
    }
  }

  /** The name it is about, where one is written. */
  default @Nullable MacroString target() {
    return switch (this) {
      case All _, Ip4 _, Ip6 _ -> null;
      case Include include -> include.domain();
      case A a -> a.domain();
      case Mx mx -> mx.domain();
      case Ptr ptr -> ptr.domain();
      case Exists exists -> exists.domain();
    };
  }
}
