//! This machine, as a host is written: what plain `http` may be spoken to.

use std::net::IpAddr;

/// Whether `host` is this machine: `localhost`, 127.0.0.0/8 or `::1`, as a URL writes it in `[` and `]` or without them.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn this_machine_has_a_name_and_its_addresses() {
        for host in ["localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "[::1]", "::1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "localhost.example",
            "127.1",
            "127.0.0.256",
            "128.0.0.1",
            "0.0.0.0",
            "[::2]",
            "[::1",
            "[localhost]",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
