package org.everpost.core.delivery;

/** The outcome of delivering a message to one account. */
public sealed interface DeliveryResult {

  /** It is in the inbox, durably. */
  record Delivered(int uid) implements DeliveryResult {}

  /** The account is full (RFC 3463 X.2.2). */
  record OverQuota() implements DeliveryResult {}
}
