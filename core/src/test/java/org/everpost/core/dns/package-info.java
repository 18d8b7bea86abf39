/** Tests of the resolver, against a stand-in name server. */
@NullMarked
package org.everpost.core.dns;

import org.jspecify.annotations.NullMarked;
