package org.everpost.core.password;

/** Too many passwords wait to be hashed: try again later. */
public final class HashingBusyException extends RuntimeException {

  HashingBusyException(String message) {
    super(message, null, false, false);
  }
}
