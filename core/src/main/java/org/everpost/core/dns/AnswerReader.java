package org.everpost.core.dns;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Reads the answers of one lookup, and of them only the records of the name that was asked for and
 * of its aliases (RFC 2181 §5.4.1); whatever else a server adds is not looked at. It remembers the
 * aliases it met, so that they end.
 *
 * <p>For one thread.
 */
final class AnswerReader<T> {

  private final RecordKind<T> kind;
  private final int maxAliases;
  private final int maxRecords;
  private final Set<Name> met = new HashSet<>();

  AnswerReader(RecordKind<T> kind, DnsSettings settings) {
    this.kind = kind;
    this.maxAliases = settings.maxAliases();
    this.maxRecords = settings.maxRecords();
  }

  /** What an answer says about a name. One that is broken leaves no trace here. */
  Reading<T> read(Message answer, Name asked) {
    int rcode = answer.getRcode();
    if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
      return new Reading.Broken<>(error(answer));
    }
    Set<Name> names = new HashSet<>(met);
    names.add(asked);
    Reading<T> reading = read(answer, asked, names);
    if (reading instanceof Reading.Alias) {
      met.addAll(names);
    }
    return reading;
  }

  private Reading<T> read(Message answer, Name asked, Set<Name> names) {
    Name name = asked;
    long ttl = Integer.MAX_VALUE;
    while (true) {
      Set<T> records = new LinkedHashSet<>();
      Name target = null;
      boolean any = false;
      for (Record record : answer.getSection(Section.ANSWER)) {
        if (record.getDClass() != DClass.IN || !record.getName().equals(name)) {
          continue;
        }
        if (record.getType() == kind.type()) {
          any = true;
          ttl = Math.min(ttl, ttl(record));
          T usable = records.size() < maxRecords ? kind.read(record) : null;
          if (usable != null) {
            records.add(usable);
          }
        } else if (record instanceof CNAMERecord cname) {
          if (target != null && !target.equals(cname.getTarget())) {
            return new Reading.Broken<>("a name is an alias of two others");
          }
          target = cname.getTarget();
          ttl = Math.min(ttl, ttl(record));
        }
      }
      if (any) {
        return found(answer.getRcode(), List.copyOf(records), name, ttl);
      }
      if (target == null) {
        return nothing(answer, name, !name.equals(asked), ttl);
      }
      if (!names.add(target)) {
        return new Reading.Broken<>("the aliases go round in a circle");
      }
      if (names.size() > maxAliases + 1) {
        return new Reading.Broken<>("too many aliases");
      }
      name = target;
    }
  }

  private Reading<T> found(int rcode, List<T> records, Name name, long ttl) {
    if (rcode == Rcode.NXDOMAIN) {
      return new Reading.Broken<>("there are records of a name that is said not to exist");
    }
    DomainName owner = RecordKind.domainName(name);
    return records.isEmpty() || owner == null
        ? new Reading.Broken<>("no record that can be used")
        : new Reading.Found<>(records, owner, ttl);
  }

  /** A denial, or the end of what this server knows (RFC 2308 §2). */
  private Reading<T> nothing(Message answer, Name name, boolean alias, long aliasTtl) {
    SOARecord soa = null;
    boolean referral = false;
    for (Record record : answer.getSection(Section.AUTHORITY)) {
      if (record instanceof SOARecord its && name.subdomain(its.getName())) {
        soa = its;
      }
      referral |= record.getType() == Type.NS;
    }
    if (answer.getRcode() == Rcode.NXDOMAIN || soa != null) {
      long ttl = soa == null ? 0 : Math.min(ttl(soa), Math.min(aliasTtl, soa.getMinimum()));
      return new Reading.None<>(answer.getRcode() == Rcode.NOERROR, alias, ttl);
    }
    if (alias) {
      return new Reading.Alias<>(name, aliasTtl);
    }
    return referral
        ? new Reading.Broken<>("not a recursive server")
        : new Reading.None<>(true, false, 0);
  }

  /** With the highest bit set it counts as none (RFC 2181 §8). */
  private static long ttl(Record record) {
    return record.getTTL() < 0 || record.getTTL() > Integer.MAX_VALUE ? 0 : record.getTTL();
  }

  /** Its name, and the cause where the server tells one (RFC 8914), which is never free text. */
  private static String error(Message answer) {
    String name = Rcode.string(answer.getRcode());
    OPTRecord opt = answer.getOPT();
    if (opt != null) {
      for (EDNSOption option : opt.getOptions()) {
        if (option instanceof ExtendedErrorCodeOption cause) {
          return name + ", " + words(cause.getErrorCode());
        }
      }
    }
    return name;
  }

  private static String words(int extendedErrorCode) {
    @Nullable String text = ExtendedErrorCodeOption.text(extendedErrorCode);
    return text == null
        ? "error " + extendedErrorCode
        : text.replace('_', ' ').toLowerCase(Locale.ROOT);
  }
}
