/** Tests of the directory. */
@NullMarked
package org.everpost.core.directory;

import org.jspecify.annotations.NullMarked;
