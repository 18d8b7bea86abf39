package org.everpost.wire.mime;

/**
 * How much of a message is looked at. Beyond a limit nothing is refused: what is left over is a
 * leaf that is served as it is, or text that is cut.
 */
final class MimeLimits {

  /** Parts within parts, the message itself counted. */
  static final int DEPTH = 50;

  /** Parts of a message in all, containers counted. */
  static final int PARTS = 1_000;

  /** A boundary longer than this divides nothing (RFC 2046 §5.1.1 allows 70). */
  static final int BOUNDARY_OCTETS = 8 * 1024;

  /** Kept of one header field. */
  static final int FIELD_OCTETS = 48 * 1024;

  /** Fields of one part kept; To, Cc and Bcc may be there more than once. */
  static final int FIELDS = 64;

  /** Kept of all header fields of one part. */
  static final int HEADER_OCTETS = 96 * 1024;

  /** Of these, what address lists may take, so that the fields that decide still fit. */
  static final int ADDRESS_LIST_OCTETS = 64 * 1024;

  /**
   * Kept of all header fields of all parts. With what decoding may add, the structure of the worst
   * message stays below a mebibyte, which is what the ledger takes as one value.
   */
  static final int MESSAGE_HEADER_OCTETS = 128 * 1024;

  /** Addresses of one envelope list. */
  static final int ADDRESSES = 1_000;

  /** Parameters of one field, counting the pieces of RFC 2231 continuations. */
  static final int PARAMETERS = 100;

  /** Languages of one part. */
  static final int LANGUAGES = 100;

  private MimeLimits() {}
}
