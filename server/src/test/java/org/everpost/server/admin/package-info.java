/** Tests of the command line. */
@NullMarked
package org.everpost.server.admin;

import org.jspecify.annotations.NullMarked;
