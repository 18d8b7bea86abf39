/** Tests of the botnet against a small server. */
@NullMarked
package org.everpost.testkit.botnet;

import org.jspecify.annotations.NullMarked;
