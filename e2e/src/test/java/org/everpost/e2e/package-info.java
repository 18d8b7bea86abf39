/**
 * <b>Purpose:</b> the real program, started as an operator starts it, and real clients doing their
 * whole work with it.
 *
 * <p><b>Map:</b> {@link org.everpost.e2e.Everpost} gives each test class a server of its own,
 * {@link org.everpost.e2e.Installation} is its configuration and command line, {@link
 * org.everpost.e2e.Tool} runs programs from elsewhere. {@link org.everpost.e2e.SmtpClient}, {@link
 * org.everpost.e2e.ImapClient} and {@link org.everpost.e2e.Pop3Client} are for what no real client
 * does fast or wrong enough. {@link org.everpost.e2e.SignedZones} is a domain name system with
 * DNSSEC.
 *
 * <p><b>Rules:</b> loopback only; a directory and free ports for each class; nothing is skipped: a
 * program that is missing fails the test and names its package; a line of level ERROR in the log
 * fails the test.
 */
@NullMarked
package org.everpost.e2e;

import org.jspecify.annotations.NullMarked;
