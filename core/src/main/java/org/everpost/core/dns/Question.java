package org.everpost.core.dns;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** One query on its way to one server, and how its answer is told from anything else. */
record Question(int id, Name name, int type) {

  /** No fragments, which are easier to forge than datagrams. */
  private static final int DATAGRAM = 1_232;

  private static final int HEADER_OCTETS = 12;
  private static final int LEAST_RECORD_OCTETS = 11;

  /**
   * The query. AD asks for the AD bit of the answer alone (RFC 6840 §5.7): the signatures, which DO
   * would ask for, are the server's business. CD is not set: what is bogus is not wanted.
   */
  byte[] wire() {
    Message query = new Message(id);
    query.getHeader().setOpcode(Opcode.QUERY);
    query.getHeader().setFlag(Flags.RD);
    query.getHeader().setFlag(Flags.AD);
    query.addRecord(Record.newRecord(name, type, DClass.IN), Section.QUESTION);
    query.addRecord(new OPTRecord(DATAGRAM, 0, 0), Section.ADDITIONAL);
    return query.toWire();
  }

  /** The octets as the answer to this query; null: they are not (RFC 5452 §9.1). */
  @Nullable Message answer(byte[] octets, int length) {
    if (length < HEADER_OCTETS || !isPlausible(octets, length)) {
      return null;
    }
    Message answer;
    try {
      answer = new Message(Arrays.copyOf(octets, length));
    } catch (IOException | RuntimeException e) {
      return null; // what the library throws at nonsense is not all declared
    }
    boolean mine =
        answer.getHeader().getID() == id
            && answer.getHeader().getFlag(Flags.QR)
            && answer.getHeader().getOpcode() == Opcode.QUERY;
    return mine && asksTheSame(answer) ? answer : null;
  }

  private boolean asksTheSame(Message answer) {
    int questions = answer.getSection(Section.QUESTION).size();
    int rcode = answer.getHeader().getRcode();
    if (questions == 0) {
      // A server that did not understand the query may not repeat it.
      return rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN;
    }
    Record question = answer.getQuestion();
    return questions == 1
        && question.getName().equals(name)
        && question.getType() == type
        && question.getDClass() == DClass.IN;
  }

  /** No more records are announced than fit, so that none are made room for. */
  private static boolean isPlausible(byte[] octets, int length) {
    int records = 0;
    for (int at = 6; at < HEADER_OCTETS; at += 2) {
      records += (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
    }
    int questions = (octets[4] & 0xff) << 8 | (octets[5] & 0xff);
    boolean truncated = (octets[2] & 2) != 0;
    return questions <= 1 && (truncated || HEADER_OCTETS + records * LEAST_RECORD_OCTETS <= length);
  }
}
