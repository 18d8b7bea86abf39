package org.everpost.store;

/** The kinds of partition. The code is stored: it never changes its meaning. */
public enum PartitionKind {
  ACCOUNT(1),
  DOMAIN(2),
  SPOOL(3),
  CLUSTER(4);

  private final int code;

  PartitionKind(int code) {
    this.code = code;
  }

  /** The stored form, 1 to 127. */
  public int code() {
    return code;
  }

  /**
   * @throws IllegalArgumentException if no kind has this code
   */
  public static PartitionKind of(int code) {
    for (PartitionKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no partition kind " + code);
  }
}
