package org.everpost.core.spool;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.everpost.core.row.AddressField;
import org.everpost.core.row.Proto;
import org.everpost.core.spool.SpooledMessage.Envelope;
import org.everpost.core.spool.SpooledRecipient.LastAttempt;
import org.everpost.core.spool.SpooledRecipient.State;
import org.everpost.store.BlobId;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.EnhancedStatusCode;
import org.everpost.wire.smtp.Path;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.jspecify.annotations.Nullable;

/** A message in the queue with the state of its recipients. Key: {@code 02}, queue id. */
final class MessageRow {

  static final KeyRange RANGE = KeyRange.prefix(new byte[] {2});

  private static final int BLOB_FIELD = 12;

  /**
   * How much is kept of what peers said, beginning with all of it. Peers choose these texts: they
   * must not be able to make a row longer than it may be.
   */
  private static final int[] TEXT_LENGTHS = {Reason.MAX_TEXT, 200, 20};

  private MessageRow() {}

  static byte[] key(SpoolId id) {
    return ByteBuffer.allocate(9).put((byte) 2).putLong(id.value()).array();
  }

  static SpoolId id(byte[] key) {
    return new SpoolId(ByteBuffer.wrap(key).getLong(1));
  }

  /**
   * @throws IllegalArgumentException if it has more, or longer, recipients than a row can hold
   */
  static byte[] encode(SpooledMessage message) {
    byte[] row = new byte[0];
    for (int most : TEXT_LENGTHS) {
      row = Proto.encode(out -> write(out, message, most));
      if (row.length <= Ledger.MAX_VALUE_OCTETS) {
        return row;
      }
    }
    throw new IllegalArgumentException(
        message.id() + " with " + message.recipients().size() + " recipients is too large");
  }

  private static void write(CodedOutputStream out, SpooledMessage message, int longestText)
      throws IOException {
    Envelope envelope = message.envelope();
    out.writeInt64(1, message.accepted().toEpochMilli());
    out.writeString(2, message.sender());
    PathField.write(out, 3, envelope.from());
    out.writeInt32(4, code(envelope.body()));
    out.writeBool(5, envelope.smtpUtf8());
    out.writeBool(6, envelope.requireTls());
    if (envelope.ret() != null) {
      out.writeInt32(7, envelope.ret() == Ret.FULL ? 1 : 2);
    }
    if (envelope.envid() != null) {
      out.writeString(8, envelope.envid());
    }
    if (!message.prefix().isEmpty()) {
      out.writeString(9, message.prefix());
    }
    out.writeInt64(10, message.size());
    out.writeInt64(11, message.expires().toEpochMilli());
    out.writeByteArray(BLOB_FIELD, message.blob().toBytes());
    out.writeBool(13, message.delayTold());
    if (message.held() != null) {
      out.writeString(14, message.held());
    }
    out.writeInt32(15, message.skip());
    if (envelope.tls() == TlsDemand.WAIVED) {
      out.writeBool(17, true);
    }
    if (envelope.proven() != null) {
      AddressField.write(out, 18, envelope.proven());
    }
    for (SpooledRecipient recipient : message.recipients()) {
      Proto.writeMessage(out, 16, inner -> writeRecipient(inner, recipient, longestText));
    }
  }

  private static void writeRecipient(
      CodedOutputStream out, SpooledRecipient recipient, int longestText) throws IOException {
    PathField.write(out, 1, recipient.to());
    for (Notify notify : recipient.notifyOn()) {
      out.writeInt32(2, code(notify));
    }
    if (recipient.orcpt() != null) {
      out.writeString(3, recipient.orcpt());
    }
    out.writeInt32(4, recipient.state().code());
    out.writeBool(5, recipient.told());
    out.writeInt32(6, recipient.attempts());
    out.writeInt64(7, recipient.next().toEpochMilli());
    LastAttempt last = recipient.last();
    if (last != null) {
      out.writeInt64(8, last.at().toEpochMilli());
      out.writeString(9, last.reason().status().toString());
      out.writeString(10, Reason.shortened(last.reason().text(), longestText));
      if (last.reason().peer() != null) {
        out.writeString(11, last.reason().peer());
      }
    }
  }

  static SpooledMessage decode(byte[] key, byte[] value) {
    return Proto.decode(value, in -> read(in, id(key)));
  }

  private static SpooledMessage read(CodedInputStream in, SpoolId id) throws IOException {
    long accepted = 0;
    String sender = "";
    Path from = new Path.Null();
    int body = 0;
    boolean smtpUtf8 = false;
    TlsDemand tls = TlsDemand.USUAL;
    int ret = 0;
    String envid = null;
    String prefix = "";
    long size = 0;
    long expires = 0;
    BlobId blob = null;
    boolean delayTold = false;
    String held = null;
    int skip = 0;
    EmailAddress proven = null;
    List<SpooledRecipient> recipients = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> accepted = in.readInt64();
        case 2 -> sender = in.readString();
        case 3 -> from = PathField.read(in);
        case 4 -> body = in.readInt32();
        case 5 -> smtpUtf8 = in.readBool();
        case 6 -> tls = in.readBool() ? TlsDemand.REQUIRED : tls;
        case 17 -> tls = in.readBool() ? TlsDemand.WAIVED : tls;
        case 7 -> ret = in.readInt32();
        case 8 -> envid = in.readString();
        case 9 -> prefix = in.readString();
        case 10 -> size = in.readInt64();
        case 11 -> expires = in.readInt64();
        case BLOB_FIELD -> blob = BlobId.fromBytes(in.readByteArray());
        case 13 -> delayTold = in.readBool();
        case 14 -> held = in.readString();
        case 15 -> skip = in.readInt32();
        case 18 -> proven = AddressField.read(in);
        case 16 -> recipients.add(Proto.readMessage(in, MessageRow::readRecipient));
        default -> in.skipField(tag);
      }
    }
    return new SpooledMessage(
        id,
        Instant.ofEpochMilli(accepted),
        sender,
        new Envelope(from, body(body), smtpUtf8, tls, ret(ret), envid, proven),
        prefix,
        Objects.requireNonNull(blob, "blob"),
        skip,
        size,
        Instant.ofEpochMilli(expires),
        delayTold,
        held,
        recipients);
  }

  private static SpooledRecipient readRecipient(CodedInputStream in) throws IOException {
    Path to = new Path.Null();
    Set<Notify> notifyOn = EnumSet.noneOf(Notify.class);
    String orcpt = null;
    int state = 0;
    boolean told = false;
    int attempts = 0;
    long next = 0;
    long at = 0;
    String status = null;
    String text = "";
    String peer = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> to = PathField.read(in);
        case 2 -> notifyOn.add(notify(in.readInt32()));
        case 3 -> orcpt = in.readString();
        case 4 -> state = in.readInt32();
        case 5 -> told = in.readBool();
        case 6 -> attempts = in.readInt32();
        case 7 -> next = in.readInt64();
        case 8 -> at = in.readInt64();
        case 9 -> status = in.readString();
        case 10 -> text = in.readString();
        case 11 -> peer = in.readString();
        default -> in.skipField(tag);
      }
    }
    LastAttempt last =
        status == null
            ? null
            : new LastAttempt(
                Instant.ofEpochMilli(at), new Reason(EnhancedStatusCode.of(status), text, peer));
    return new SpooledRecipient(
        to, notifyOn, orcpt, State.of(state), told, attempts, Instant.ofEpochMilli(next), last);
  }

  /** The blob of a row, for the sweep. */
  static BlobId blob(byte[] value) {
    return Proto.decode(
        value,
        in -> {
          for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag >>> 3 == BLOB_FIELD) {
              return BlobId.fromBytes(in.readByteArray());
            }
            in.skipField(tag);
          }
          throw new IOException("a message without content");
        });
  }

  private static int code(Body body) {
    return switch (body) {
      case SEVEN_BIT -> 1;
      case EIGHT_BIT_MIME -> 2;
      case BINARY_MIME -> 3;
    };
  }

  private static Body body(int code) {
    return switch (code) {
      case 1 -> Body.SEVEN_BIT;
      case 3 -> Body.BINARY_MIME;
      default -> Body.EIGHT_BIT_MIME;
    };
  }

  private static @Nullable Ret ret(int code) {
    return switch (code) {
      case 1 -> Ret.FULL;
      case 2 -> Ret.HDRS;
      default -> null;
    };
  }

  private static int code(Notify notify) {
    return switch (notify) {
      case NEVER -> 1;
      case SUCCESS -> 2;
      case FAILURE -> 3;
      case DELAY -> 4;
    };
  }

  private static Notify notify(int code) throws IOException {
    return switch (code) {
      case 1 -> Notify.NEVER;
      case 2 -> Notify.SUCCESS;
      case 3 -> Notify.FAILURE;
      case 4 -> Notify.DELAY;
      default -> throw new IOException("no notify " + code);
    };
  }
}
