/** Tests of passwords and logins. */
@NullMarked
package org.everpost.core.password;

import org.jspecify.annotations.NullMarked;
