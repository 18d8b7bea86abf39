package org.everpost.core.dns;

import java.util.Arrays;
import java.util.HexFormat;

/** A TLSA record (RFC 6698 §2.1). */
@SuppressWarnings("ArrayRecordComponent") // copied on its way in and out, and compared by content
public record TlsaRecord(int usage, int selector, int matchingType, byte[] data) {
  public TlsaRecord {
    data = data.clone();
  }

  /** The certificate association data (RFC 6698 §2.1.4). */
  @Override
  public byte[] data() {
    return data.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TlsaRecord that
        && usage == that.usage
        && selector == that.selector
        && matchingType == that.matchingType
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * (31 * usage + selector) + matchingType) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return usage + " " + selector + " " + matchingType + " " + HexFormat.of().formatHex(data);
  }
}
