/**
 * <b>Purpose:</b> what a domain says by SPF about who may send in its name.
 *
 * <p><b>Standards:</b> RFC 7208 §4.6, §5 to §7, §12; RFC 4291 §2.2.
 *
 * <p><b>Map:</b> {@link org.everpost.wire.spf.SpfRecord} → {@link org.everpost.wire.spf.Directive}
 * → {@link org.everpost.wire.spf.Mechanism}; {@link org.everpost.wire.spf.MacroString} is the text
 * that becomes a name. TermParser and MacroParser read them. Who asks what they say is core.spf.
 *
 * <p><b>Rules:</b> one error anywhere makes all of a record void (§4.6): nothing is guessed.
 * Modifiers nobody knows are passed over (§6).
 *
 * <p><b>Threads:</b> records are immutable.
 *
 * <p><b>Failures:</b> {@link org.everpost.wire.spf.SpfSyntaxException}.
 */
@NullMarked
package org.everpost.wire.spf;

import org.jspecify.annotations.NullMarked;
