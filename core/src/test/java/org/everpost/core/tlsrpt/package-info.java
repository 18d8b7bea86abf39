/** Tests of counting for reports about TLS. */
@NullMarked
package org.everpost.core.tlsrpt;

import org.jspecify.annotations.NullMarked;
