/** Tests of asking web servers. */
@NullMarked
package org.everpost.server.relay.web;

import org.jspecify.annotations.NullMarked;
