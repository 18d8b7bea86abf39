@NullMarked
package org.everpost.server.guard;

import org.jspecify.annotations.NullMarked;
