/** Tests of the stand-in name server. */
@NullMarked
package org.everpost.testkit.dns;

import org.jspecify.annotations.NullMarked;
