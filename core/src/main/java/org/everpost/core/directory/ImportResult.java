package org.everpost.core.directory;

/**
 * What an import did, in accounts.
 *
 * @param updated got another quota, or another hash in place of one that was imported before
 * @param unchanged are as the file says
 * @param kept have a password that was set or hashed anew here, which the file does not touch; else
 *     as the file says
 * @param bad lines that were reported and not done
 */
public record ImportResult(long added, long updated, long unchanged, long kept, long bad) {}
