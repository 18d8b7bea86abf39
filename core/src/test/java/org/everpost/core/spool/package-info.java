/** Tests of committing. */
@NullMarked
package org.everpost.core.spool;

import org.jspecify.annotations.NullMarked;
