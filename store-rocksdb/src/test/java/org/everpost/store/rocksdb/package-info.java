@NullMarked
package org.everpost.store.rocksdb;

import org.jspecify.annotations.NullMarked;
