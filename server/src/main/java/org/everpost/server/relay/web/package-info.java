/**
 * <b>Purpose:</b> asks web servers that strangers name, for MTA-STS policies and to post reports.
 *
 * <p><b>Standards:</b> RFC 9110 and 9112, as much of them as small requests and answers need.
 *
 * <p><b>Map:</b> {@link org.everpost.server.relay.web.WebClient} sends a {@link
 * org.everpost.server.relay.web.WebRequest} and reads a {@link
 * org.everpost.server.relay.web.WebResponse}.
 *
 * <p><b>Rules:</b> a server has a good certificate for the name it was asked by, which the resolver
 * of the program has looked up; redirects are not followed; time, octets and lines are bounded.
 *
 * <p><b>Threads:</b> any number; a request is made by the calling thread.
 *
 * <p><b>Failures:</b> {@code IOException} with what was in the way.
 */
@NullMarked
package org.everpost.server.relay.web;

import org.jspecify.annotations.NullMarked;
