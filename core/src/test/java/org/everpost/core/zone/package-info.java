/** Tests of the records a domain needs, against a stand-in name server. */
@NullMarked
package org.everpost.core.zone;

import org.jspecify.annotations.NullMarked;
