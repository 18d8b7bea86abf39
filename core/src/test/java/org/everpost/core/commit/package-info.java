/** Tests of committing. */
@NullMarked
package org.everpost.core.commit;

import org.jspecify.annotations.NullMarked;
