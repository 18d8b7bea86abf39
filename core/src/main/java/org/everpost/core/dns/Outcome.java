package org.everpost.core.dns;

/**
 * What a lookup found out.
 *
 * @param ttlSeconds how long the servers say it holds; of no meaning for a failure
 * @param octets about its size
 * @param absent whether the name that was asked for does not exist itself, so that no name below it
 *     does either (RFC 8020 §2); not where an alias leads nowhere
 * @param overBudget it failed here: nothing is to be remembered of it
 */
record Outcome<T>(
    DnsAnswer<T> answer, long ttlSeconds, int octets, boolean absent, boolean overBudget) {}
