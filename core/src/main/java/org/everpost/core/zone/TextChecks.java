package org.everpost.core.zone;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.everpost.core.directory.SigningKey;
import org.everpost.core.dns.DnsAnswer;
import org.everpost.core.dns.Resolver;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.dkim.DkimKeyRecord;
import org.everpost.wire.dkim.DkimSyntaxException;
import org.everpost.wire.mtasts.MtaStsRecord;
import org.everpost.wire.tlsrpt.TlsRptRecord;
import org.jspecify.annotations.Nullable;

/** Looks for what is said in TXT records. */
final class TextChecks {

  /** What is found may be anything; people see so much of it. */
  private static final int SHOWN = 600;

  /** RFC 9989 §4.10: the walk up the tree ends somewhere. */
  private static final int MAX_PARENTS = 8;

  private TextChecks() {}

  /**
   * Looks for the one record of a kind.
   *
   * @param mine whether a text is of that kind
   * @param why what is wrong with one; null: nothing
   */
  static Finding one(
      Resolver resolver,
      DomainName name,
      Predicate<String> mine,
      Function<String, @Nullable String> why) {
    return switch (resolver.txt(name)) {
      case DnsAnswer.Failed<String>(String reason) -> new Finding.Unknown(reason);
      case DnsAnswer.None<String> _ -> new Finding.Missing();
      case DnsAnswer.Found<String>(List<String> texts, DomainName _, boolean _) -> {
        List<String> candidates = texts.stream().filter(mine).toList();
        if (candidates.isEmpty()) {
          yield new Finding.Missing();
        }
        String found = shown(String.join(" | ", candidates));
        String problem =
            candidates.size() > 1
                ? "there are " + candidates.size() + " such records, so none counts"
                : why.apply(candidates.getFirst());
        yield problem == null ? new Finding.Good(found) : new Finding.Wrong(found, problem);
      }
    };
  }

  /** A stranger's text, for a terminal. */
  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), SHOWN); i++) {
      char c = text.charAt(i);
      shown.append(c >= ' ' && c < 127 ? c : '?');
    }
    return text.length() > SHOWN ? shown + "…" : shown.toString();
  }

  /** RFC 6376 §3.6.2.2: another record at the name makes what comes of it undefined. */
  static Finding key(Resolver resolver, SigningKey key) {
    return one(
        resolver,
        key.recordName(),
        _ -> true,
        text -> {
          try {
            DkimKeyRecord record = DkimKeyRecord.parse(text);
            if (record.key() == null) {
              return "says that the key was revoked";
            }
            return key.publicKey().equals(record.key()) ? null : "is another key";
          } catch (DkimSyntaxException e) {
            return "cannot be read: " + e.getMessage();
          }
        });
  }

  /** The record of the domain, or of the nearest one above it (RFC 9989 §4.10). */
  static Finding dmarc(Resolver resolver, DomainName domain) {
    Finding own = dmarcAt(resolver, domain);
    String rest = domain.ascii();
    for (int i = 0; i < MAX_PARENTS && own instanceof Finding.Missing; i++) {
      rest = rest.substring(rest.indexOf('.') + 1);
      if (rest.indexOf('.') < 0) {
        break;
      }
      Finding above = dmarcAt(resolver, new DomainName(rest));
      if (above instanceof Finding.Good(String found)) {
        return new Finding.Good("that of " + rest + ": " + found);
      }
    }
    return own;
  }

  private static Finding dmarcAt(Resolver resolver, DomainName domain) {
    DomainName name = domain.below("_dmarc");
    return name == null
        ? new Finding.Missing()
        : one(resolver, name, text -> isOf(text, "v=DMARC1"), TextChecks::dmarcProblem);
  }

  /** RFC 9989 §4.7: without a policy that is understood the record only asks for reports. */
  private static @Nullable String dmarcProblem(String text) {
    boolean reports = false;
    for (String tag : text.split(";", -1)) {
      int equals = tag.indexOf('=');
      String name = equals < 0 ? "" : tag.substring(0, equals).strip();
      if (name.equals("p")) {
        return switch (tag.substring(equals + 1).strip().toLowerCase(Locale.ROOT)) {
          case "none", "quarantine", "reject" -> null;
          default -> "the policy (p=) is not one";
        };
      }
      reports |= name.equals("rua");
    }
    return reports ? null : "there is no policy (p=)";
  }

  private static boolean isOf(String text, String version) {
    return text.startsWith(version) && text.substring(version.length()).strip().startsWith(";");
  }

  static Finding mtaSts(Resolver resolver, DomainName name) {
    return one(
        resolver,
        name,
        text -> text.startsWith("v=STSv1"),
        text -> MtaStsRecord.of(List.of(text)) == null ? "cannot be read" : null);
  }

  static Finding tlsRpt(Resolver resolver, DomainName name) {
    return one(
        resolver,
        name,
        text -> text.startsWith("v=TLSRPTv1"),
        text -> TlsRptRecord.of(List.of(text)) == null ? "cannot be read" : null);
  }
}
