package org.everpost.testkit.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Makes the answer to one query, right or with a {@link Fault}. */
final class Misbehaviour {

  private static final long TTL_SECONDS = 300;
  private static final Name FOREIGN = Name.fromConstantString("victim.test.");
  private static final Name FOREIGN_HOST = Name.fromConstantString("evil.test.");
  private static final InetAddress FOREIGN_ADDRESS = InetAddress.ofLiteral("192.0.2.66");

  private final StandInZones zones;
  private final Message query;
  private final boolean tcp;
  private final int maxOctets;

  Misbehaviour(StandInZones zones, Message query, boolean tcp, int maxOctets) {
    this.zones = zones;
    this.query = query;
    this.tcp = tcp;
    this.maxOctets = maxOctets;
  }

  /** None, one, or forgeries and one. */
  List<byte[]> replies(@Nullable Fault fault) {
    Message right = zones.answer(query);
    if (fault == null) {
      return wire(right);
    }
    return switch (fault) {
      case SERVFAIL -> wire(rcode(Rcode.SERVFAIL));
      case REFUSED -> wire(rcode(Rcode.REFUSED));
      case SILENT -> List.of();
      case TRUNCATED, TRUNCATED_THEN_DRIPPING -> tcp ? wire(right) : wire(truncated());
      case TRUNCATED_WITHOUT_TCP -> tcp ? List.of() : wire(truncated());
      case WRONG_ID -> wire(otherId(right, 1));
      case WRONG_QUESTION -> wire(otherQuestion());
      case NOT_A_RESPONSE -> {
        right.getHeader().unsetFlag(Flags.QR);
        yield wire(right);
      }
      case FORGERIES_FIRST -> {
        List<byte[]> all = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
          all.addAll(wire(otherId(foreignOnly(), i)));
        }
        all.addAll(wire(right));
        yield all;
      }
      case CUT_OFF -> {
        byte[] whole = right.toWire(maxOctets);
        yield List.of(Arrays.copyOf(whole, whole.length - 3));
      }
      case GARBAGE -> {
        byte[] garbage = right.toWire(maxOctets);
        Arrays.fill(garbage, Math.min(12, garbage.length), garbage.length, (byte) 0xc0);
        yield List.of(garbage);
      }
      case ONE_ALIAS_A_TIME ->
          right.getSection(Section.ANSWER).stream()
              .filter(CNAMERecord.class::isInstance)
              .findFirst()
              .map(record -> wire(alias(((CNAMERecord) record).getTarget(), right)))
              .orElseGet(() -> wire(right));
      case ENDLESS_ALIASES -> wire(alias(below(), right));
      case ALIAS_OF_ITSELF -> wire(alias(query.getQuestion().getName(), right));
      case FOREIGN_RECORDS -> {
        addForeign(right);
        yield wire(right);
      }
      case REFERRAL -> {
        Message referral = StandInZones.response(query);
        Name above = new Name(query.getQuestion().getName(), 1);
        referral.addRecord(
            new NSRecord(above, DClass.IN, TTL_SECONDS, FOREIGN_HOST), Section.AUTHORITY);
        yield wire(referral);
      }
    };
  }

  private List<byte[]> wire(Message message) {
    return List.of(message.toWire(maxOctets));
  }

  private Message rcode(int rcode) {
    Message answer = StandInZones.response(query);
    answer.getHeader().setRcode(rcode);
    return answer;
  }

  private Message truncated() {
    Message answer = StandInZones.response(query);
    answer.getHeader().setFlag(Flags.TC);
    return answer;
  }

  private static Message otherId(Message answer, int distance) {
    answer.getHeader().setID((answer.getHeader().getID() + distance) & 0xffff);
    return answer;
  }

  private Message otherQuestion() {
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.RA);
    int type = query.getQuestion().getType();
    answer.addRecord(Record.newRecord(FOREIGN, type, DClass.IN), Section.QUESTION);
    addForeign(answer);
    return answer;
  }

  /** What somebody would say who wants to be believed. */
  private Message foreignOnly() {
    Message answer = StandInZones.response(query);
    Name name = query.getQuestion().getName();
    answer.addRecord(new ARecord(name, DClass.IN, TTL_SECONDS, FOREIGN_ADDRESS), Section.ANSWER);
    return answer;
  }

  private static void addForeign(Message answer) {
    for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL}) {
      answer.addRecord(new ARecord(FOREIGN, DClass.IN, TTL_SECONDS, FOREIGN_ADDRESS), section);
      answer.addRecord(new MXRecord(FOREIGN, DClass.IN, TTL_SECONDS, 1, FOREIGN_HOST), section);
    }
  }

  private Message alias(Name target, Message right) {
    Message answer = StandInZones.response(query);
    if (right.getHeader().getFlag(Flags.AD)) {
      answer.getHeader().setFlag(Flags.AD);
    }
    Name name = query.getQuestion().getName();
    answer.addRecord(new CNAMERecord(name, DClass.IN, TTL_SECONDS, target), Section.ANSWER);
    return answer;
  }

  private Name below() {
    try {
      return Name.concatenate(Name.fromConstantString("a"), query.getQuestion().getName());
    } catch (NameTooLongException e) {
      return Name.root;
    }
  }
}
