package org.everpost.store;

/** There is no blob of this id. */
public final class BlobMissingException extends StoreException {

  private final BlobId id;

  public BlobMissingException(BlobId id) {
    super("no blob " + id, null);
    this.id = id;
  }

  public BlobId id() {
    return id;
  }
}
