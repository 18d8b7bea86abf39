package org.everpost.wire.spf;

/** What follows for an address that a mechanism matches (RFC 7208 §4.6.2). */
public enum Qualifier {
  PASS("+"),
  FAIL("-"),
  SOFTFAIL("~"),
  NEUTRAL("?");

  private final String sign;

  Qualifier(String sign) {
    this.sign = sign;
  }

  /** As it is written. */
  String sign() {
    return sign;
  }
}
