package org.everpost.core.zone;

import java.util.Objects;

/** What DNS says where a record should be. */
public sealed interface Finding {

  /** It is as it should be. */
  record Good(String found) implements Finding {
    public Good {
      Objects.requireNonNull(found, "found");
    }
  }

  /** There is none. */
  record Missing() implements Finding {}

  /**
   * There is another.
   *
   * @param why what is wrong with it, a few words
   */
  record Wrong(String found, String why) implements Finding {
    public Wrong {
      Objects.requireNonNull(found, "found");
      Objects.requireNonNull(why, "why");
    }
  }

  /** Nobody can tell now. */
  record Unknown(String reason) implements Finding {
    public Unknown {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
