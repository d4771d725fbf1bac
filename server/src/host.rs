//! Which host a request is for and where it comes from. Forwarded headers count only from configured proxies.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use engine::settings::Network;
use std::net::{IpAddr, Ipv6Addr};

/// A host as a browser names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host {
    /// Lower case, without port and trailing dot.
    pub name: String,
    /// Port, when it is named.
    pub port: Option<u16>,
}

impl Host {
    /// The host of a request, if it names exactly one properly.
    pub(crate) fn of(request: &HttpRequest, proxies: &[Network]) -> Option<Self> {
        if let Some(named) =
            forwarded(request, proxies).and_then(|headers| last(headers, "x-forwarded-host", "host"))
        {
            return Self::parse(&named);
        }
        let mut all = request.headers().get_all("host");
        let (one, other) = (all.next()?, all.next());
        if other.is_some() {
            return None;
        }
        Self::parse(one.to_str().ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, Some(port.parse().ok()?)),
            _ => (text, None),
        };
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_[]:".contains(c);
        let fits = !name.is_empty() && name.len() <= 253 && name.chars().all(plain);
        fits.then_some(Self { name, port })
    }
}

/// The address of the client, as far as it can be believed.
pub(crate) fn client(request: &HttpRequest, proxies: &[Network]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let Some(headers) = forwarded(request, proxies) else {
        return Some(peer);
    };
    // Each proxy adds the address it saw at the end: the last one that is no proxy of ours is the client.
    let chain = all(headers, "x-forwarded-for", "for");
    for text in chain.iter().rev() {
        match address(text) {
            Some(ip) if trusted(ip, proxies) => {}
            Some(ip) => return Some(ip),
            // What stands before an entry that cannot be read was written by anybody.
            None => break,
        }
    }
    Some(peer)
}

/// The network that limits count: one IPv4 address, or a /64 of IPv6.
pub(crate) fn network(client: Option<IpAddr>) -> String {
    match client.map(|ip| ip.to_canonical()) {
        // A proxy on this machine that was not named: it stands for everybody.
        Some(ip) if ip.is_loopback() => String::new(),
        Some(IpAddr::V4(ip)) => ip.to_string(),
        Some(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        None => "unknown".to_owned(),
    }
}

fn trusted(ip: IpAddr, proxies: &[Network]) -> bool {
    proxies.iter().any(|network| network.contains(ip))
}

/// The headers, when the peer may forward.
fn forwarded<'a>(request: &'a HttpRequest, proxies: &[Network]) -> Option<&'a HeaderMap> {
    let peer = request.peer_addr()?.ip();
    trusted(peer, proxies).then(|| request.headers())
}

/// All values of an `X-Forwarded-` header in order; without one, those of a parameter of `Forwarded`.
fn all(headers: &HeaderMap, name: &str, parameter: &str) -> Vec<String> {
    let texts = |name: &str| -> Vec<String> {
        let values = headers.get_all(name).filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).map(|part| part.trim().to_owned()).collect()
    };
    let own = texts(name);
    if !own.is_empty() {
        return own;
    }
    let pairs = |element: &String| {
        element.split(';').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            key.trim().eq_ignore_ascii_case(parameter).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    texts("forwarded").iter().filter_map(pairs).collect()
}

fn last(headers: &HeaderMap, name: &str, parameter: &str) -> Option<String> {
    all(headers, name, parameter).pop()
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None if text.matches(':').count() == 1 => text.split(':').next().unwrap_or_default(),
        None => text,
    };
    bare.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn proxies() -> Vec<Network> {
        vec![Network::try_from("10.0.0.0/8".to_owned()).unwrap()]
    }

    fn request(peer: &str, headers: &[(&str, &str)]) -> HttpRequest {
        let request = TestRequest::default().peer_addr(format!("{peer}:1").parse().unwrap());
        headers
            .iter()
            .fold(request, |request, (name, value)| request.append_header((*name, *value)))
            .to_http_request()
    }

    fn host(peer: &str, headers: &[(&str, &str)]) -> Option<String> {
        Host::of(&request(peer, headers), &proxies()).map(|host| host.name)
    }

    #[test]
    fn a_host_loses_case_port_and_trailing_dot() {
        for text in
            ["pay.acme.example", "PAY.acme.Example:8443", "pay.acme.example.", "pay.acme.example.:443"]
        {
            assert_eq!(host("192.0.2.1", &[("host", text)]).unwrap(), "pay.acme.example", "{text}");
        }
        assert_eq!(host("192.0.2.1", &[("host", "[::1]:8080")]).unwrap(), "[::1]");
    }

    #[test]
    fn a_strange_host_is_none() {
        for text in [
            "",
            ".",
            "a b",
            "a/b",
            "user@acme.example",
            "acme.example:port",
            "acme.example:99999",
            "ä.example",
        ] {
            assert_eq!(host("192.0.2.1", &[("host", text)]), None, "{text}");
        }
        assert_eq!(host("192.0.2.1", &[("host", "a.example"), ("host", "b.example")]), None);
    }

    #[test]
    fn only_a_proxy_of_ours_may_forward() {
        let headers = [
            ("host", "inside"),
            ("x-forwarded-host", "evil.example, pay.acme.example"),
            ("x-forwarded-for", "1.2.3.4, 203.0.113.9, 10.1.1.1"),
        ];
        assert_eq!(host("192.0.2.1", &headers).unwrap(), "inside");
        assert_eq!(host("10.0.0.7", &headers).unwrap(), "pay.acme.example");
        let seen = |peer: &str| client(&request(peer, &headers), &proxies()).unwrap().to_string();
        assert_eq!(seen("192.0.2.1"), "192.0.2.1");
        assert_eq!(seen("10.0.0.7"), "203.0.113.9");
    }

    #[test]
    fn the_forwarded_header_says_the_same() {
        let headers =
            [("host", "inside"), ("forwarded", "for=\"[2001:db8:1:2:3::4]:99\";host=pay.acme.example")];
        assert_eq!(host("10.0.0.7", &headers).unwrap(), "pay.acme.example");
        let seen = client(&request("10.0.0.7", &headers), &proxies());
        assert_eq!(network(seen), "2001:db8:1:2::/64");
    }
}
