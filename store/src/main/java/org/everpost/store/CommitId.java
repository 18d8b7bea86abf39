package org.everpost.store;

/** 128 random bits that name one commit for ever, so that repeating it is recognised. */
public record CommitId(long high, long low) {}
