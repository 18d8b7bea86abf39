/**
 * <b>Purpose:</b> how row values are written: as Protocol Buffers messages, without generated code.
 *
 * <p><b>Map:</b> {@link org.everpost.core.row.Proto}; what the fields of a row are stands in its
 * class, in the package it belongs to.
 *
 * <p><b>Rules:</b> a field number never changes its meaning; a reader skips fields it does not
 * know, so that an old release reads new rows.
 *
 * <p><b>Threads:</b> no state.
 *
 * <p><b>Failures:</b> {@link IllegalStateException}: a stored row is damaged.
 */
@NullMarked
package org.everpost.core.row;

import org.jspecify.annotations.NullMarked;
