package org.everpost.server.relay;

import org.everpost.core.dns.Resolver;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.server.net.Dialer;

/** What every attempt needs. */
record RelayParts(
    RelaySettings settings,
    OwnAddresses own,
    Resolver resolver,
    ServerPolicies policies,
    DeadAddresses dead,
    AddressRace race,
    SessionOpening opening,
    Dialer dialer,
    Clock clock,
    RandomSource random) {}
