/**
 * <b>Purpose:</b> the other end of our SMTP client, as well or as badly behaved as a test wants it.
 *
 * <p><b>Standards:</b> RFC 5321, 3030, 3207.
 *
 * <p><b>Map:</b> {@link org.everpost.testkit.smtp.ScriptedPeer} listens; {@link
 * org.everpost.testkit.smtp.PeerAction} is what it does at a stage of the dialogue.
 *
 * <p><b>Rules:</b> loopback only. What nothing is scripted for is answered as a good server would.
 *
 * <p><b>Threads:</b> one virtual thread a connection; the peer is safe for any number of threads.
 *
 * <p><b>Failures:</b> a connection that fails ends; what the test gets to see of it is what was
 * received.
 */
@NullMarked
package org.everpost.testkit.smtp;

import org.jspecify.annotations.NullMarked;
