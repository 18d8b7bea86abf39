package org.everpost.core.password;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;

/**
 * A thread that hashes passwords, with the 19 MiB that Argon2 needs: used again for one hash after
 * the other while many log in, and gone with the thread when nobody does. Made anew for each hash
 * they would be nearly all the garbage of a mail server.
 */
final class HashingThread extends Thread {

  /** An Argon2 block is 1 KiB; besides its memory Argon2 works in a few more. */
  private static final int BLOCKS = Argon2Hash.MEMORY_KIB + 8;

  private final BlockPool memory = new FixedBlockPool(BLOCKS);

  HashingThread(Runnable work) {
    super(null, work, "password");
    setDaemon(true);
  }

  /** Empty at first, then the blocks of earlier hashes. */
  BlockPool memory() {
    return memory;
  }
}
