/** Tests of {@code org.everpost.core.sending}. */
@NullMarked
package org.everpost.core.sending;

import org.jspecify.annotations.NullMarked;
