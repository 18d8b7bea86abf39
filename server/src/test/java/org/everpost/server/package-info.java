/** Tests of whole sessions of every protocol. */
@NullMarked
package org.everpost.server;

import org.jspecify.annotations.NullMarked;
