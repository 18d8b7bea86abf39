package org.everpost.core.peer;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;
import org.everpost.store.PartitionView.Row;
import org.jspecify.annotations.Nullable;

/**
 * What an operator said of a network. Key: {@code 01}, octets in hex, a slash, the prefix.
 *
 * @param allowed whether its peers are always let in; otherwise never
 * @param note why, in the operator's words; empty if nothing was said
 * @param until when the rule ends by itself; null: never
 */
public record PeerRule(
    IpNetwork network, boolean allowed, String note, Instant since, @Nullable Instant until) {

  static final KeyRange RANGE = KeyRange.prefix(new byte[] {1});

  public PeerRule {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(note, "note");
    Objects.requireNonNull(since, "since");
  }

  /** Whether its time is not over. */
  public boolean holds(Instant now) {
    return until == null || now.isBefore(until);
  }

  static byte[] key(IpNetwork network) {
    byte[] text = (network.hex() + "/" + network.prefix()).getBytes(StandardCharsets.US_ASCII);
    byte[] key = new byte[1 + text.length];
    key[0] = 1;
    System.arraycopy(text, 0, key, 1, text.length);
    return key;
  }

  byte[] key() {
    return key(network);
  }

  byte[] encode() {
    return Proto.encode(out -> {
      out.writeBool(1, allowed);
      out.writeString(2, note);
      out.writeInt64(3, since.toEpochMilli());
      out.writeInt64(4, until == null ? 0 : until.toEpochMilli());
    });
  }

  static PeerRule decode(Row row) {
    String[] key =
        new String(row.key(), 1, row.key().length - 1, StandardCharsets.US_ASCII).split("/", 2);
    IpNetwork network = new IpNetwork(key[0], Integer.parseInt(key[1]));
    return Proto.decode(row.value(), in -> readFrom(in, network));
  }

  private static PeerRule readFrom(CodedInputStream in, IpNetwork network) throws IOException {
    boolean allowed = false;
    String note = "";
    long since = 0;
    long until = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> allowed = in.readBool();
        case 2 -> note = in.readString();
        case 3 -> since = in.readInt64();
        case 4 -> until = in.readInt64();
        default -> in.skipField(tag);
      }
    }
    return new PeerRule(
        network,
        allowed,
        note,
        Instant.ofEpochMilli(since),
        until == 0 ? null : Instant.ofEpochMilli(until));
  }
}
