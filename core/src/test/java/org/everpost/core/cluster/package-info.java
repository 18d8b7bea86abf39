/** Tests of committing. */
@NullMarked
package org.everpost.core.cluster;

import org.jspecify.annotations.NullMarked;
