/** Tests of what load balancers say of their clients. */
@NullMarked
package org.everpost.wire.proxy;

import org.jspecify.annotations.NullMarked;
