package org.everpost.server.smtp;

import org.everpost.core.event.EventSink;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;

/** What all sessions share. */
record SmtpParts(
    String hostname,
    SmtpLimits limits,
    LocalMail mail,
    RemoteMail remote,
    SendingGuard guard,
    Clock clock,
    RandomSource random,
    EventSink events) {}
