package org.everpost.wire.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The address lists of From, To and their like (RFC 5322 §3.4, and §4.4 for the obsolete forms:
 * routes, which are dropped, white space and comments anywhere, empty members). Whatever stands
 * there becomes addresses as well as it can:
 *
 * <ul>
 *   <li>a comment is the display name where there is no other ({@code joe@example.org (Joe)});
 *   <li>a missing angle bracket, semicolons between addresses, an address bare behind a name;
 *   <li>text without an address has an empty mailbox and host, a single word an empty host.
 * </ul>
 *
 * Names are unquoted, RFC 2047 words in them stay encoded.
 */
public final class AddressList {

  private final FieldCursor c;
  private final List<EnvelopeAddress> addresses = new ArrayList<>(2);
  private boolean inGroup;

  private AddressList(FieldCursor c) {
    this.c = c;
  }

  /** Parses a field body; after {@value MimeLimits#ADDRESSES} addresses it stops. */
  public static List<EnvelopeAddress> parse(byte[] b, int from, int to) {
    var list = new AddressList(new FieldCursor(b, from, to));
    while (!list.c.atEnd() && list.addresses.size() < MimeLimits.ADDRESSES) {
      list.member();
    }
    if (list.inGroup) {
      list.endGroup();
    }
    return List.copyOf(list.addresses);
  }

  /** One member of the list with the separator behind it. */
  private void member() {
    var words = new Words();
    EnvelopeAddress address = null;
    String comment = null;
    boolean bracketed = false;
    while (!c.atEnd()) {
      if (c.skipSpace()) {
        words.space();
      }
      int octet = c.peek();
      if (octet == '"' && words.quoted(c)) {
        continue;
      }
      if (octet == '(' && c.skipComment()) {
        words.space();
        comment = comment == null ? c.comment() : comment;
      } else if (octet == ',' || octet == ';') {
        break;
      } else if (octet == '<' && !bracketed) {
        bracketed = true;
        address = angleAddress(displayName(address, words.all()));
        words = new Words();
      } else if (octet == '@' && address == null) {
        String local = words.takeLocalPart();
        c.skip();
        address = new EnvelopeAddress(words.all(), local, domain());
        words = new Words();
      } else if (octet == ':' && address == null && !inGroup) {
        c.skip();
        startGroup(words);
        return;
      } else if (octet >= 0) {
        words.octet(octet);
        c.skip();
      }
    }
    boolean endsGroup = inGroup && c.peek() == ';';
    c.skip();
    add(address, words, comment);
    if (endsGroup) {
      endGroup();
    }
  }

  /** What stood before the bracket: words, or an unquoted address with or without some. */
  private static @Nullable String displayName(
      @Nullable EnvelopeAddress address, @Nullable String words) {
    if (address == null) {
      return words;
    }
    var name = new StringJoiner(" ");
    if (address.name() != null) {
      name.add(address.name());
    }
    name.add(address.mailbox() + "@" + address.host());
    if (words != null) {
      name.add(words);
    }
    return name.toString();
  }

  private void add(@Nullable EnvelopeAddress address, Words words, @Nullable String comment) {
    if (address != null) {
      addresses.add(
          address.name() != null || comment == null || comment.isEmpty()
              ? address
              : new EnvelopeAddress(comment, address.mailbox(), address.host()));
      return;
    }
    String text = words.all();
    if (text == null) {
      return; // RFC 5322 §4.4: an empty member
    }
    addresses.add(
        words.count() > 1
            ? new EnvelopeAddress(text, "", "")
            : new EnvelopeAddress(comment == null || comment.isEmpty() ? null : comment, text, ""));
  }

  /** RFC 9051 §7.5.2: the start of a group has no host, its end nothing at all. */
  private void startGroup(Words words) {
    String name = words.all();
    addresses.add(new EnvelopeAddress(null, name == null ? "" : name, null));
    inGroup = true;
  }

  private void endGroup() {
    addresses.add(new EnvelopeAddress(null, null, null));
    inGroup = false;
  }

  /** {@code <local@domain>} or {@code <@route:local@domain>}. */
  private EnvelopeAddress angleAddress(@Nullable String name) {
    c.skip();
    c.skipCfws();
    if (c.peek() == '@') {
      skipRoute();
    }
    var words = new Words();
    String local = null;
    String host = "";
    while (!c.atEnd() && c.peek() != '>' && c.peek() != ',') {
      if (c.skipCfws()) {
        words.space();
      }
      int octet = c.peek();
      if (octet == '"' && words.quoted(c)) {
        continue;
      }
      if (octet == '@' && local == null) {
        local = words.allJoined();
        c.skip();
        host = domain();
      } else if (octet >= 0 && octet != '>' && octet != ',') {
        words.octet(octet);
        c.skip();
      }
    }
    if (c.peek() == '>') {
      c.skip();
    }
    return new EnvelopeAddress(name, local == null ? words.allJoined() : local, host);
  }

  /** RFC 5322 §4.4: {@code obs-route}, to be ignored. */
  private void skipRoute() {
    int start = c.at();
    while (!c.atEnd() && c.peek() != ':' && c.peek() != '>' && c.peek() != '<') {
      c.skip();
    }
    if (c.peek() == ':') {
      c.skip();
    } else {
      c.moveTo(start);
    }
  }

  /** Dot-atom, domain literal or the obsolete form with white space and comments between. */
  private String domain() {
    var domain = new ByteBuilder(32);
    boolean afterDot = true;
    while (true) {
      int afterAtom = c.at();
      c.skipCfws();
      int octet = c.peek();
      if (octet == '.') {
        afterDot = true;
        domain.append(octet);
        c.skip();
      } else if (octet < 0 || isDomainEnd(octet) || !afterDot) {
        c.moveTo(afterAtom); // a comment there may be the name
        return HeaderText.unfold(domain.octets(), 0, domain.length());
      } else {
        afterDot = false;
        boolean literal = octet == '[';
        while (!c.atEnd() && (literal ? c.peek() != '>' && c.peek() != ',' : !endsDomainAtom())) {
          domain.append(c.peek());
          c.skip();
          if (literal && domain.octets()[domain.length() - 1] == ']') {
            break;
          }
        }
      }
    }
  }

  private boolean endsDomainAtom() {
    int octet = c.peek();
    return isDomainEnd(octet) || octet == '.' || c.atSpace();
  }

  private static boolean isDomainEnd(int octet) {
    return octet == '>'
        || octet == ','
        || octet == ';'
        || octet == '<'
        || octet == '('
        || octet == ')'
        || octet == '"';
  }
}
