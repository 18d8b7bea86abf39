/** Tests of what every service stands upon. */
@NullMarked
package org.everpost.server.data;

import org.jspecify.annotations.NullMarked;
