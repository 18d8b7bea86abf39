/** Tests of SPF records. */
@NullMarked
package org.everpost.wire.spf;

import org.jspecify.annotations.NullMarked;
