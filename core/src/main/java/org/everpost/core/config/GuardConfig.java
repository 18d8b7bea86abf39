package org.everpost.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.everpost.core.peer.DnsList;
import org.everpost.core.peer.IpNetwork;
import org.everpost.wire.address.EmailAddress;

/** {@code [guard]}. */
public record GuardConfig(
    int strangers,
    List<IpNetwork> ownNetworks,
    List<IpNetwork> proxies,
    Duration greetPause,
    Duration greylist,
    List<DnsList> blockLists,
    List<DnsList> allowLists,
    int blockFrom,
    List<EmailAddress> traps) {
  public GuardConfig {
    ownNetworks = List.copyOf(ownNetworks);
    proxies = List.copyOf(proxies);
    Objects.requireNonNull(greetPause, "greetPause");
    Objects.requireNonNull(greylist, "greylist");
    blockLists = List.copyOf(blockLists);
    allowLists = List.copyOf(allowLists);
    traps = List.copyOf(traps);
  }
}
