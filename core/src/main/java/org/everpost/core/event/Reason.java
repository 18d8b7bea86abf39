package org.everpost.core.event;

import java.net.PortUnreachableException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** Why something failed, in words for the log and the operator: never {@code null}. */
public final class Reason {

  private Reason() {}

  /** What an exception says; where that would tell too little, what it is called. */
  public static String of(Throwable failure) {
    String name = failure.getClass().getSimpleName();
    String message = failure.getMessage();
    if (failure instanceof PortUnreachableException) {
      return "nobody listens there";
    }
    if (message == null) {
      return name;
    }
    return switch (failure) {
      case AccessDeniedException _ -> "permission denied";
      // Of a file that is there or not, the message is just its name.
      case FileSystemException file when file.getReason() == null -> name + " " + message;
      default -> message;
    };
  }

  /** The same with all causes: they tell an operator more than what we say of them. */
  public static String withCauses(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? of(failure) : of(failure) + ": " + withCauses(cause);
  }
}
