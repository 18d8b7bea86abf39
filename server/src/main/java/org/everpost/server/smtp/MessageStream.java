package org.everpost.server.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.PassingField;
import org.everpost.wire.smtp.ReceivedCounter;

/** A message as it is stored: our trace fields, then what the client sent. */
final class MessageStream extends InputStream {

  /** RFC 5321 §6.3: at least 100. */
  private static final int MAX_RECEIVED = 100;

  /** More addresses than these forward nothing to each other. */
  private static final int MAX_DELIVERED_TO = 100;

  private final byte[] prefix;
  private final MessageBody body;
  private final ReceivedCounter received = new ReceivedCounter();
  private final PassingField tlsRequired = new PassingField("TLS-Required", 1);
  private final PassingField deliveredTo = new PassingField("Delivered-To", MAX_DELIVERED_TO);
  private final int returnPathOctets;
  private int position;
  private int bits;

  /**
   * @param returnPathOctets of the first field, which is for mailboxes only
   * @param prefix the trace fields and what was read of the body already
   */
  MessageStream(int returnPathOctets, byte[] prefix, MessageBody body) {
    this.returnPathOctets = returnPathOctets;
    this.prefix = prefix;
    this.body = body;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int n;
    if (position < prefix.length) {
      n = Math.min(length, prefix.length - position);
      System.arraycopy(prefix, position, target, offset, n);
      position += n;
    } else {
      n = body.read(target, offset, length);
    }
    if (n > 0) {
      for (int i = offset; i < offset + n; i++) {
        bits |= target[i];
      }
      received.feed(target, offset, offset + n);
      tlsRequired.feed(target, offset, offset + n);
      deliveredTo.feed(target, offset, offset + n);
      if (received.count() > MAX_RECEIVED + 1) { // one of them is ours
        throw new MessageRefusedException(Replies.LOOP);
      }
    } else if (n < 0) {
      tlsRequired.end();
      deliveredTo.end();
    }
    return n;
  }

  /** Octets of the Return-Path field, which is the first. */
  int returnPathOctets() {
    return returnPathOctets;
  }

  /**
   * Whether its header says that TLS does not matter (RFC 8689 §3). With two such fields nobody
   * knows, so it does.
   */
  boolean waivesTls() {
    return tlsRequired.count() == 1 && tlsRequired.values().getFirst().equalsIgnoreCase("no");
  }

  /** Whether an address forwarded it before (RFC 9228): it would go round in circles. */
  boolean wasForwarded(EmailAddress by) {
    String mark = by.toString();
    List<String> marks = deliveredTo.values();
    return deliveredTo.count() > marks.size() || marks.stream().anyMatch(mark::equalsIgnoreCase);
  }

  /** Whether octets beyond ASCII went by. */
  boolean isEightBit() {
    return bits < 0;
  }

  /** Whether some of them were in the header. */
  boolean isHeaderEightBit() {
    return received.isEightBit();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }
}
