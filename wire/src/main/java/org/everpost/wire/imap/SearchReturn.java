package org.everpost.wire.imap;

/** What SEARCH RETURN asks for (RFC 9051 §6.4.4, RFC 4731, RFC 5182). */
public enum SearchReturn {
  MIN,
  MAX,
  ALL,
  COUNT,
  SAVE
}
