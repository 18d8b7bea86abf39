package org.everpost.core.spf;

/** How much one check may ask (RFC 7208 §4.6.4). For one thread. */
final class Allowance {

  /** Of MX records and of names of an address, too. */
  static final int MAX_NAMES = 10;

  private static final int MAX_LOOKUPS = 10;
  private static final int MAX_VOID_LOOKUPS = 2;

  private int lookups;
  private int voidLookups;

  /** A term that needs DNS. */
  void lookup() throws CheckEndedException {
    if (++lookups > MAX_LOOKUPS) {
      throw CheckEndedException.permanent("it needs more than ten lookups");
    }
  }

  /** The name such a term asked for has no record, or is not there. */
  void voidLookup() throws CheckEndedException {
    if (++voidLookups > MAX_VOID_LOOKUPS) {
      throw CheckEndedException.permanent("it asks for more than two names that have nothing");
    }
  }
}
