/** Tests of conversion. */
@NullMarked
package org.everpost.wire.mime.convert;

import org.jspecify.annotations.NullMarked;
