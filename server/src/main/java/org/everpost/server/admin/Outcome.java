package org.everpost.server.admin;

import java.io.IOException;
import org.everpost.core.directory.Alias;
import org.everpost.core.directory.Change;

/** What became of a change, in words and as an exit code. */
record Outcome(boolean good, String words) {

  static Outcome of(Change change, String what, String done) {
    return switch (change) {
      case DONE -> new Outcome(true, what + " " + done);
      case UNCHANGED -> new Outcome(true, what + " is so already");
      case ALREADY_EXISTS -> new Outcome(false, what + " exists already");
      case NO_SUCH_DOMAIN -> new Outcome(false, what + ": no such domain here");
      case NO_SUCH_ADDRESS, NO_SUCH_KEY -> new Outcome(false, what + " does not exist");
      case NOT_EMPTY -> new Outcome(false, what + " still has accounts or aliases");
      case BAD_TARGET_COUNT ->
          new Outcome(false, what + " can have 1 to " + Alias.MAX_TARGETS + " targets");
    };
  }

  /** Says it; what went well is said to standard output, like data. */
  int tell(Console console) throws IOException {
    if (good) {
      console.line(words);
      return 0;
    }
    console.err("everpost: " + words);
    return 1;
  }
}
