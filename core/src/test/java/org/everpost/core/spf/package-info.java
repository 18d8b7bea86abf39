/** Tests of what is made of SPF records. */
@NullMarked
package org.everpost.core.spf;

import org.jspecify.annotations.NullMarked;
