/** Tests of POP3 over real sockets. */
@NullMarked
package org.everpost.server.pop3;

import org.jspecify.annotations.NullMarked;
