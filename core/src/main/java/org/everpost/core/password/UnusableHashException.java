package org.everpost.core.password;

/** A password hash we cannot verify. The message is for the operator and does not contain it. */
final class UnusableHashException extends Exception {

  UnusableHashException(String message) {
    super(message, null, false, false);
  }
}
