package org.everpost.wire.mime;

/** Content-Transfer-Encoding (RFC 2045 §6). */
final class ContentTransferEncoding {

  /** RFC 2045 §6.1: what is assumed where nothing is said. */
  static final String DEFAULT = "7bit";

  private ContentTransferEncoding() {}

  /** The mechanism in lower case; what follows it is ignored. */
  static String parse(byte[] b, int from, int to) {
    var c = new FieldCursor(b, from, to);
    c.skipCfws();
    if (c.peek() == '"') {
      c.skip(); // seen from old mailers
    }
    String mechanism = c.token();
    return mechanism.isEmpty() ? DEFAULT : mechanism;
  }

  /** Whether the body stands there as it is. */
  static boolean isIdentity(String encoding) {
    return encoding.equals("7bit") || encoding.equals("8bit") || encoding.equals("binary");
  }
}
