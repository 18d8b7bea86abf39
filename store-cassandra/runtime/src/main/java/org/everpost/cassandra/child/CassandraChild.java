package org.everpost.cassandra.child;

import java.io.IOException;
import org.apache.cassandra.service.CassandraDaemon;

/**
 * Cassandra that lives no longer than its parent. The parent holds the other end of standard input
 * and never writes to it; its end of file means the parent is gone, however it died, and Cassandra
 * drains and ends as on SIGTERM.
 */
public final class CassandraChild {

  private CassandraChild() {}

  public static void main(String[] args) {
    Thread watch = new Thread(CassandraChild::exitWithParent, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    CassandraDaemon.main(args);
  }

  private static void exitWithParent() {
    try {
      while (System.in.read() >= 0) {
        // only the end matters
      }
    } catch (IOException e) {
      // a broken pipe says the same as its end
    }
    System.exit(0);
  }
}
