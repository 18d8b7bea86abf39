/** The rules of docs/style.md that a machine can check. */
@NullMarked
package org.everpost.architecture;

import org.jspecify.annotations.NullMarked;
