/**
 * Blocks that are no public destination although they lie inside IPv4 or the global unicast part of IPv6: the
 * IANA special-purpose address registries (RFC 6890, whole, also the entries IANA calls globally reachable,
 * because none of them serves files), multicast, and one cloud's control address inside a public range.
 *
 * IPv6 outside 2000::/3 needs no entry: it is never public. That covers ::, ::1, IPv4-compatible ::/96, NAT64
 * 64:ff9b::/96 and 64:ff9b:1::/48, 100::/64, 5f00::/16, fc00::/7, fe80::/10, fec0::/10 and ff00::/8.
 */
export const SPECIAL_ADDRESSES: readonly (readonly [cidr: string, name: string])[] = [
  ["0.0.0.0/8", "this network (reaches loopback on Linux)"],
  ["10.0.0.0/8", "private use"],
  ["100.64.0.0/10", "shared address space of carriers; Alibaba's metadata service"],
  ["127.0.0.0/8", "loopback"],
  ["168.63.129.16/32", "Azure's virtual public address of the host"],
  ["169.254.0.0/16", "link local; metadata services of most clouds"],
  ["172.16.0.0/12", "private use"],
  ["192.0.0.0/24", "IETF protocol assignments; Oracle's metadata service"],
  ["192.0.2.0/24", "documentation"],
  ["192.31.196.0/24", "AS112"],
  ["192.52.193.0/24", "AMT"],
  ["192.88.99.0/24", "6to4 relay anycast, deprecated"],
  ["192.168.0.0/16", "private use"],
  ["192.175.48.0/24", "AS112, direct delegation"],
  ["198.18.0.0/15", "benchmarking"],
  ["198.51.100.0/24", "documentation"],
  ["203.0.113.0/24", "documentation"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved, and limited broadcast"],
  ["2001::/23", "IETF protocol assignments: Teredo, benchmarking, AMT, AS112, ORCHID, DRIP"],
  ["2001:db8::/32", "documentation"],
  ["2002::/16", "6to4, carries any IPv4 address"],
  ["2620:4f:8000::/48", "AS112, direct delegation"],
  ["3fff::/20", "documentation"],
];
