package org.everpost.wire.imap;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of APPEND, without its octets (RFC 9051 §6.3.12).
 *
 * @param flags spelled as in {@link Flag}, none twice, never {@code \Recent}
 * @param internalDate null if not given
 * @param binary sent as {@code literal8}, so it may hold NUL (RFC 3516 §4.4)
 * @param utf8 wrapped in {@code UTF8 (…)}: its header may be UTF-8 (RFC 6855 §4)
 * @param size octets of the literal
 */
public record AppendMessage(
    List<String> flags, @Nullable Instant internalDate, boolean binary, boolean utf8, long size) {
  public AppendMessage {
    flags = List.copyOf(flags);
  }
}
