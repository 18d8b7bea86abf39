package org.everpost.testkit.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What the stand-in knows. Safe for any number of threads. */
final class StandInZones {

  private static final int MAX_ALIASES = 32;

  private final ConcurrentSkipListMap<Name, List<Record>> records = new ConcurrentSkipListMap<>();
  private final Map<Name, SOARecord> zones = new ConcurrentHashMap<>();
  private final Set<Name> secure = ConcurrentHashMap.newKeySet();

  StandInZones(long negativeTtlSeconds) {
    zone(Name.root, negativeTtlSeconds);
  }

  void zone(Name apex, long negativeTtlSeconds) {
    Name host = Name.fromConstantString("ns.invalid.");
    zones.put(
        apex,
        new SOARecord(
            apex,
            DClass.IN,
            negativeTtlSeconds,
            host,
            host,
            1,
            7_200,
            3_600,
            1_209_600,
            negativeTtlSeconds));
  }

  void add(Record added) {
    records.compute(
        added.getName(),
        (_, before) -> {
          List<Record> all = new ArrayList<>(before == null ? List.of() : before);
          all.add(added);
          return List.copyOf(all);
        });
  }

  void remove(Name name) {
    records.remove(name);
  }

  void secure(Name name) {
    secure.add(name);
  }

  /** The nearest of some names that is the given one or above it; null: none is. */
  static @Nullable Name nearest(Set<Name> names, Name name) {
    for (int i = 0; i < name.labels(); i++) {
      Name above = new Name(name, i);
      if (names.contains(above)) {
        return above;
      }
    }
    return null;
  }

  /** The answer of a recursive server. */
  Message answer(Message query) {
    Record question = query.getQuestion();
    Message answer = response(query);
    boolean vouched = true;
    Name name = question.getName();
    for (int i = 0; i < MAX_ALIASES; i++) {
      vouched &= nearest(secure, name) != null;
      Name target = null;
      boolean found = false;
      for (Record known : records.getOrDefault(name, List.of())) {
        if (known.getType() == question.getType()) {
          answer.addRecord(known, Section.ANSWER);
          found = true;
        } else if (known instanceof CNAMERecord alias) {
          answer.addRecord(alias, Section.ANSWER);
          target = alias.getTarget();
        }
      }
      if (found) {
        break;
      }
      if (target == null) {
        deny(answer, name);
        break;
      }
      name = target;
    }
    boolean wanted = query.getHeader().getFlag(Flags.AD);
    if (vouched && wanted) {
      answer.getHeader().setFlag(Flags.AD);
    }
    return answer;
  }

  /** With the header and the question of an answer, and nothing in it. */
  static Message response(Message query) {
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.RA);
    if (query.getHeader().getFlag(Flags.RD)) {
      answer.getHeader().setFlag(Flags.RD);
    }
    answer.addRecord(query.getQuestion(), Section.QUESTION);
    return answer;
  }

  private void deny(Message answer, Name name) {
    if (!exists(name)) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    }
    Name apex = nearest(zones.keySet(), name);
    answer.addRecord(zones.get(apex == null ? Name.root : apex), Section.AUTHORITY);
  }

  /** A name that only has names below it exists, too (RFC 8020 §2). */
  private boolean exists(Name name) {
    // In the order of names the ones below another follow it (RFC 4034 §6.1).
    Name next = records.ceilingKey(name);
    return zones.containsKey(name) || (next != null && next.subdomain(name));
  }

  /** How a type is written, as in {@code MX}. */
  static String type(Record question) {
    return Type.string(question.getType());
  }
}
