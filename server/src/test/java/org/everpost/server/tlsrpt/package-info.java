/** Tests of reports about TLS. */
@NullMarked
package org.everpost.server.tlsrpt;

import org.jspecify.annotations.NullMarked;
