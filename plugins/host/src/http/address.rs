//! Which addresses a component may reach: the public internet, unless the operator granted more.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;

/// How far a request may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Global addresses only.
    Global,
    /// Private and loopback addresses too: the operator granted this very origin.
    Granted,
}

impl Reach {
    /// Whether a request may go to `address`. Link-local addresses, where clouds keep their metadata, never do.
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Global => is_global(address),
            Self::Granted => !is_never(address),
        }
    }
}

/// Whether an address is reachable on the public internet, after the special-purpose registries of IANA. Addresses
/// that carry a v4 address inside (mapped, NAT64, 6to4, Teredo) are not, whatever they carry.
pub fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_global_v4(v4),
        IpAddr::V6(v6) => is_global_v6(v6),
    }
}

fn is_global_v4(address: Ipv4Addr) -> bool {
    /// Network and prefix length.
    const SPECIAL: &[(Ipv4Addr, u32)] = &[
        (Ipv4Addr::new(0, 0, 0, 0), 8),
        (Ipv4Addr::new(10, 0, 0, 0), 8),
        (Ipv4Addr::new(100, 64, 0, 0), 10),
        (Ipv4Addr::new(127, 0, 0, 0), 8),
        (Ipv4Addr::new(169, 254, 0, 0), 16),
        (Ipv4Addr::new(172, 16, 0, 0), 12),
        (Ipv4Addr::new(192, 0, 0, 0), 24),
        (Ipv4Addr::new(192, 0, 2, 0), 24),
        (Ipv4Addr::new(192, 88, 99, 0), 24),
        (Ipv4Addr::new(192, 168, 0, 0), 16),
        (Ipv4Addr::new(198, 18, 0, 0), 15),
        (Ipv4Addr::new(198, 51, 100, 0), 24),
        (Ipv4Addr::new(203, 0, 113, 0), 24),
        (Ipv4Addr::new(224, 0, 0, 0), 3),
    ];
    !SPECIAL.iter().any(|(network, length)| (address.to_bits() ^ network.to_bits()) >> (32 - length) == 0)
}

fn is_global_v6(address: Ipv6Addr) -> bool {
    /// Blocks inside the global unicast space, 2000::/3, that are not global.
    const SPECIAL: &[(Ipv6Addr, u32)] = &[
        (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
        (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
        (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
        (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    ];
    let special =
        |(network, length): &(Ipv6Addr, u32)| (address.to_bits() ^ network.to_bits()) >> (128 - length) == 0;
    address.segments()[0] & 0xe000 == 0x2000 && !SPECIAL.iter().any(special)
}

/// Addresses that no grant opens.
fn is_never(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            // The last two are metadata services of clouds outside the link-local range.
            let metadata = [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(192, 0, 0, 192)].contains(&v4);
            v4.is_link_local() || v4.is_multicast() || v4.is_unspecified() || v4.is_broadcast() || metadata
        }
        IpAddr::V6(v6) => {
            let metadata = v6.segments()[..2] == [0xfd00, 0x0ec2];
            let inner = embedded_v4(v6).is_some_and(|v4| is_never(v4.into()));
            v6.is_unicast_link_local() || v6.is_multicast() || v6.is_unspecified() || metadata || inner
        }
    }
}

/// The IPv4 address that NAT64 (64:ff9b::/96) and 6to4 (2002::/16) addresses lead to.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let joined = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match (a, b) {
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => Some(joined(g, h)),
        (0x2002, _) => Some(joined(b, c)),
        _ => None,
    }
}

/// Looks names up and gives only addresses within reach; one address out of reach refuses the name.
#[derive(Clone)]
pub struct Resolver {
    pub reach: Reach,
    pub names: Names,
}

/// Looks a name up. A port of 0 stands for the one that the URL means.
pub type Names = Arc<dyn Fn(&str) -> std::io::Result<Vec<SocketAddr>> + Send + Sync>;

/// Looks names up as the system does.
pub fn system_names() -> Names {
    Arc::new(|name| Ok((name, 0).to_socket_addrs()?.collect()))
}

impl reqwest::dns::Resolve for Resolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let (reach, names) = (self.reach, self.names.clone());
        Box::pin(async move {
            let addresses = tokio::task::spawn_blocking(move || names(name.as_str())).await??;
            if addresses.iter().all(|address| reach.allows(address.ip())) {
                Ok(Box::new(addresses.into_iter()) as reqwest::dns::Addrs)
            } else {
                Err("the name has no reachable address".into())
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(reach: Reach, address: &str) -> bool {
        reach.allows(address.parse().unwrap())
    }

    #[test]
    fn public_addresses_are_global() {
        for address in
            ["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"]
        {
            assert!(allows(Reach::Global, address), "{address}");
        }
    }

    #[test]
    fn special_addresses_are_not_global_in_any_disguise() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.19.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:8.8.8.8",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!allows(Reach::Global, address), "{address}");
        }
    }

    #[test]
    fn a_grant_opens_private_addresses_but_never_the_metadata_service() {
        for address in ["127.0.0.1", "10.1.2.3", "::1", "fd00::1", "8.8.8.8"] {
            assert!(allows(Reach::Granted, address), "{address}");
        }
        for address in ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1"]
        {
            assert!(!allows(Reach::Granted, address), "{address}");
        }
    }
}
