package org.everpost.store.rocksdb;

/** Hears when the store stops taking writes and when it takes them again. Must return quickly. */
public interface StoreWatcher {

  /** Writing failed; every writer gets an error until {@link #recovered}. */
  void unavailable(Throwable cause);

  /** Writing works again. */
  void recovered();

  /** Does not care. */
  StoreWatcher NONE =
      new StoreWatcher() {
        @Override
        public void unavailable(Throwable cause) {}

        @Override
        public void recovered() {}
      };
}
