package org.everpost.core.mailbox;

/**
 * One change of an account as a function of its state. It may be applied several times to different
 * drafts until a commit succeeds, so it has no effect but on the draft.
 *
 * @param <R> what the caller learns
 */
@FunctionalInterface
interface Change<R> {
  R apply(Draft draft);
}
