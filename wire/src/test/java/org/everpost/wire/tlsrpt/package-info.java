/** Tests of reports about TLS. */
@NullMarked
package org.everpost.wire.tlsrpt;

import org.jspecify.annotations.NullMarked;
