package org.everpost.store;

/** The stored bytes of a blob fail their checksum. */
public final class BlobDamagedException extends StoreException {

  private final BlobId id;

  public BlobDamagedException(BlobId id, String detail) {
    super("blob " + id + " is damaged: " + detail, null);
    this.id = id;
  }

  public BlobDamagedException(BlobId id, String detail, Throwable cause) {
    super("blob " + id + " is damaged: " + detail, cause);
    this.id = id;
  }

  public BlobId id() {
    return id;
  }
}
