package org.everpost.core.directory;

/** Hears how an import goes, in the thread that runs it. */
public interface ImportListener {

  /** So many lines were read, and what was good in them is done. */
  void progress(long lines);

  /**
   * A line that was not done.
   *
   * @param line its number, counted from 1
   * @param reason for the operator; never contains the hash
   */
  void badLine(long line, String reason);
}
