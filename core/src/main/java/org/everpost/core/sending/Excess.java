package org.everpost.core.sending;

import java.time.Instant;

/**
 * What somebody wants to send more than he may of.
 *
 * @param most how much he may
 * @param until when he may again
 */
public record Excess(Measure measure, int most, Instant until) {}
