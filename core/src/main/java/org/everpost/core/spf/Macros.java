package org.everpost.core.spf;

import java.time.InstantSource;
import java.util.Locale;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.spf.MacroLetter;
import org.everpost.wire.spf.MacroString;
import org.jspecify.annotations.Nullable;

/** What macros stand for (RFC 7208 §7). */
record Macros(Client client, ClientNames names, DomainName receiver, InstantSource clock) {

  private static final int MAX_NAME = 253;

  String expand(MacroString text, DomainName domain) {
    return text.expand(letter -> value(letter, domain));
  }

  private String value(MacroLetter letter, DomainName domain) {
    return switch (letter) {
      case SENDER -> client.sender();
      case LOCAL_PART -> client.localPart();
      case SENDER_DOMAIN -> client.senderDomain().ascii();
      case DOMAIN -> domain.ascii();
      case IP -> client.dotted();
      case VALIDATED_DOMAIN -> names.best(domain);
      case IP_VERSION -> client.isIpv4() ? "in-addr" : "ip6";
      case HELO -> client.helo();
      case CLIENT -> client.text();
      case RECEIVER -> receiver.ascii();
      case TIME -> Long.toString(clock.instant().getEpochSecond());
    };
  }

  /**
   * The name a text becomes; null if it is none that could be there. Of a long one the left labels
   * are cut off (§7.3). Where the sender's local part is in it and is not ASCII, there is none (RFC
   * 8616 §4).
   *
   * <p>Deviates from RFC 2181 §11: a name with other characters than host names and underscores
   * have, which a local part may bring in, is taken for one that is not there.
   */
  @Nullable DomainName name(MacroString text, DomainName domain) {
    String name = expand(text, domain);
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    while (name.length() > MAX_NAME) {
      int dot = name.indexOf('.');
      if (dot < 0) {
        return null;
      }
      name = name.substring(dot + 1);
    }
    try {
      return new DomainName(name.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
