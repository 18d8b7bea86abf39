package org.everpost.wire.imap.response;

/** A growing array of response bytes. */
public final class ResponseBuffer {}
