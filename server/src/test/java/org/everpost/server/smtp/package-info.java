/** Tests of {@code server.smtp}: real sessions over loopback, mail in the engine in memory. */
@NullMarked
package org.everpost.server.smtp;

import org.jspecify.annotations.NullMarked;
