package org.everpost.core.directory;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.everpost.core.row.Proto;
import org.everpost.store.KeyRange;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.wire.address.DomainName;

/**
 * A domain in the list of all our domains, which is in the cluster's partition {@code directory}.
 * Key: {@code 01}, domain name.
 *
 * @param createdMillis since 1970; the oldest domain is the default one
 * @param incarnation a random number: a name deleted and added again has another
 */
record ListedDomainRow(long createdMillis, long incarnation) {

  static final Partition PARTITION = new Partition(PartitionKind.CLUSTER, "directory");
  static final KeyRange RANGE = KeyRange.prefix(new byte[] {1});

  static byte[] key(DomainName domain) {
    byte[] name = domain.ascii().getBytes(StandardCharsets.US_ASCII);
    byte[] key = new byte[name.length + 1];
    key[0] = 1;
    System.arraycopy(name, 0, key, 1, name.length);
    return key;
  }

  static DomainName domain(byte[] key) {
    return new DomainName(
        new String(Arrays.copyOfRange(key, 1, key.length), StandardCharsets.US_ASCII));
  }

  byte[] encode() {
    return Proto.encode(this::writeTo);
  }

  private void writeTo(CodedOutputStream out) throws IOException {
    out.writeInt64(1, createdMillis);
    out.writeFixed64(2, incarnation);
  }

  static ListedDomainRow decode(byte[] value) {
    return Proto.decode(value, ListedDomainRow::readFrom);
  }

  private static ListedDomainRow readFrom(CodedInputStream in) throws IOException {
    long created = 0;
    long incarnation = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> created = in.readInt64();
        case 2 -> incarnation = in.readFixed64();
        default -> in.skipField(tag);
      }
    }
    return new ListedDomainRow(created, incarnation);
  }
}
