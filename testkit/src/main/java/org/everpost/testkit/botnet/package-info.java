/**
 * <b>Purpose:</b> a botnet on loopback, the honest beside it, and what both experience.
 *
 * <p><b>Standards:</b> RFC 5321, as much of it as a bot keeps.
 *
 * <p><b>Map:</b> {@link org.everpost.testkit.botnet.Siege} is one measurement from its first to its
 * last second: {@link org.everpost.testkit.botnet.Botnet} attacks, {@link
 * org.everpost.testkit.botnet.HonestSenders}, {@link org.everpost.testkit.botnet.Users} and {@link
 * org.everpost.testkit.botnet.Operator} want to be served, {@link
 * org.everpost.testkit.botnet.Journal} keeps what each of them experienced. What a bot does is a
 * {@link org.everpost.testkit.botnet.Behaviour}, one small class for each.
 *
 * <p><b>Rules:</b> loopback only, every address below 127.0.0.0/8 is ours. Connections, the rate
 * they are made at, and the time of everything are bounded. The honest keep to the standards: they
 * wait for replies, and try again after a temporary failure.
 *
 * <p><b>Threads:</b> bots live on one or two selector threads, so that ten thousand of them cost
 * little; the few honest ones have a virtual thread each.
 *
 * <p><b>Failures:</b> whatever happens to a connection is an outcome that is counted; nothing is
 * thrown for it.
 */
@NullMarked
package org.everpost.testkit.botnet;

import org.jspecify.annotations.NullMarked;
