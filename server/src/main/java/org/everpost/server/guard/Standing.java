package org.everpost.server.guard;

/**
 * What name servers say of a peer.
 *
 * @param blocked whether enough block lists have it
 * @param trusted whether it need not come again
 * @param why in plain words
 */
record Standing(boolean blocked, boolean trusted, String why) {

  static final Standing UNKNOWN = new Standing(false, false, "name servers were not asked");
}
