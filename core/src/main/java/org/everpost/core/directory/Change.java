package org.everpost.core.directory;

/** What became of a change to the directory. Only {@link #DONE} changed anything. */
public enum Change {
  DONE,
  /** It is so already. */
  UNCHANGED,
  /** The domain exists, or the address belongs to an account or an alias. */
  ALREADY_EXISTS,
  /** The domain is not ours. */
  NO_SUCH_DOMAIN,
  /** No such account, or no such alias (any more). */
  NO_SUCH_ADDRESS,
  /** The domain has no such key (any more). */
  NO_SUCH_KEY,
  /** The domain still has accounts or aliases. */
  NOT_EMPTY,
  /** An alias cannot have so many targets, or none. */
  BAD_TARGET_COUNT
}
