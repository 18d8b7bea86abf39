/** Tests of the configuration. */
@NullMarked
package org.everpost.core.config;

import org.jspecify.annotations.NullMarked;
