/**
 * <b>Purpose:</b> the configuration: what {@code everpost.toml} may say and what it says.
 *
 * <p><b>Standards:</b> TOML 1.0.
 *
 * <p><b>Map:</b> {@link org.everpost.core.config.Config} is the record tree everything is built
 * from; {@link org.everpost.core.config.ConfigKey} lists every key with its type, default and
 * explanation; {@link org.everpost.core.config.ConfigReader} reads a file by that list; {@link
 * org.everpost.core.config.ConfigText} writes the reference page, the sample and the effective
 * configuration from it.
 *
 * <p><b>Rules:</b> what is not in the list is an error, and every error is reported at once, with
 * its place. Sizes carry a unit. There are no secrets in the file.
 *
 * <p><b>Threads:</b> everything is immutable.
 *
 * <p><b>Failures:</b> {@link org.everpost.core.config.ConfigException}.
 */
@NullMarked
package org.everpost.core.config;

import org.jspecify.annotations.NullMarked;
