package org.everpost.server.relay;

import java.util.Objects;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.smtp.AddressLiteral;

/** Where messages go that can share a connection. */
public sealed interface Destination {

  /** The servers of a domain (RFC 5321 §5.1). */
  record Domain(DomainName name) implements Destination {
    public Domain {
      Objects.requireNonNull(name, "name");
    }

    @Override
    public String toString() {
      return name.ascii();
    }
  }

  /** One address (RFC 5321 §4.1.3). */
  record Literal(AddressLiteral address) implements Destination {
    public Literal {
      Objects.requireNonNull(address, "address");
    }

    @Override
    public String toString() {
      return address.toString();
    }
  }
}
