package org.everpost.wire.imap.response;

import org.everpost.wire.imap.NumberSet;
import org.jspecify.annotations.Nullable;

/**
 * ESEARCH (RFC 9051 §7.3.4). What is null is left out.
 *
 * @param tag of the SEARCH
 * @param uid the numbers are UIDs
 * @param all left out if empty as well
 * @param modSeq RFC 7162 §3.1.6
 */
public record EsearchResponse(
    String tag,
    boolean uid,
    @Nullable Long min,
    @Nullable Long max,
    @Nullable NumberSet all,
    @Nullable Long count,
    @Nullable Long modSeq) {

  public void render(ResponseBuffer out) {
    out.ascii("* ESEARCH (TAG ").string(tag).octet(')');
    if (uid) {
      out.ascii(" UID");
    }
    if (min != null) {
      out.ascii(" MIN ").number(min);
    }
    if (max != null) {
      out.ascii(" MAX ").number(max);
    }
    if (all != null && !all.isEmpty()) {
      out.ascii(" ALL ").set(all);
    }
    if (count != null) {
      out.ascii(" COUNT ").number(count);
    }
    if (modSeq != null) {
      out.ascii(" MODSEQ ").number(modSeq);
    }
    out.crlf();
  }
}
