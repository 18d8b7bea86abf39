package org.everpost.wire.imap;

/** A command with the tag its tagged response repeats. */
public record TaggedCommand(String tag, ImapCommand command) {}
