package org.everpost.server.smtp;

import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;

/**
 * What all sessions share.
 *
 * @param showClient whether a Received field tells from where a user of ours sent a message
 */
record SmtpParts(
    String hostname,
    boolean showClient,
    SmtpLimits limits,
    LocalMail mail,
    RemoteMail remote,
    SendingGuard guard,
    Clock clock,
    RandomSource random,
    EventSink events) {}
