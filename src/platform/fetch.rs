//! Asking other servers over HTTP: the only place that does, so that nobody can make this server call where it must not.
//!
//! Addresses come from people, and people may be mistaken or mean harm. Only `https` is spoken, only with public
//! addresses; whoever runs the server can open private networks by a setting, and in them plain `http` too. A name is
//! checked when it is resolved, right before the connection, so that it cannot point elsewhere by then. Redirects are
//! not followed, proxies of the environment not used; answers are bounded in size and time.

use std::{
    net::{IpAddr, SocketAddr},
    sync::LazyLock,
    time::Duration,
};

use reqwest::{
    Client, StatusCode, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::ACCEPT,
    redirect::Policy,
};
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::{
    error::{Error, Result},
    settings::Networks,
};

/// How long a whole answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes an answer may have.
const MOST: usize = 256 * 1024;
/// Whatever is not the public internet: RFC 6890 and its successors. Of IPv6 only 2000::/3 is public.
const PRIVATE: &str = "0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,172.16.0.0/12,192.0.0.0/24,\
    192.0.2.0/24,192.88.99.0/24,192.168.0.0/16,198.18.0.0/15,198.51.100.0/24,203.0.113.0/24,224.0.0.0/3,\
    ::/3,4000::/2,8000::/1,2001::/23,2001:db8::/32,2002::/16,3fff::/20";

/// Asks other servers.
#[derive(Debug)]
pub struct Fetch {
    allowed: Networks,
    secure: OnceCell<Client>,
    plain: OnceCell<Client>,
}

impl Fetch {
    /// Also calls these private networks.
    #[must_use]
    pub fn new(allowed: Networks) -> Self {
        Self { allowed, secure: OnceCell::new(), plain: OnceCell::new() }
    }

    /// Whether this is an address that could be called, as far as can be told without resolving its name.
    #[must_use]
    pub fn may_call(&self, address: &str) -> bool {
        self.target(address).is_some()
    }

    /// The JSON document at an address.
    ///
    /// # Errors
    /// When the address may not be called, or does not answer in time with a JSON document of bounded size.
    pub async fn json(&self, address: &str) -> Result<Value> {
        let (url, reach) = self.target(address).ok_or_else(|| Error::internal("an address that may not be called"))?;
        let client = self.client(reach).await?;
        let mut answer = client.get(url).header(ACCEPT, "application/json").send().await.map_err(Error::internal)?;
        if answer.status() != StatusCode::OK {
            return Err(Error::internal(format!("another server answered {}", answer.status())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(Error::internal)? {
            if body.len() + chunk.len() > MOST {
                return Err(Error::internal("another server answered with too much"));
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map_err(Error::internal)
    }

    fn target(&self, address: &str) -> Option<(Url, Reach)> {
        let url = Url::parse(address).ok()?;
        let plain = match url.scheme() {
            "https" => false,
            "http" => true,
            _ => return None,
        };
        let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let reach = Reach { allowed: self.allowed.clone(), plain };
        let host = url.host_str()?.trim_matches(['[', ']']);
        let reached = match host.parse::<IpAddr>() {
            Ok(address) => reach.has(address),
            Err(_) => !plain || self.allowed != Networks::default(),
        };
        (bare && reached).then_some((url, reach))
    }

    async fn client(&self, reach: Reach) -> Result<&Client> {
        let slot = if reach.plain { &self.plain } else { &self.secure };
        let build = || async {
            let client = Client::builder()
                .https_only(!reach.plain)
                .redirect(Policy::none())
                .referer(false)
                .no_proxy()
                .timeout(PATIENCE)
                .user_agent("hezuo")
                .dns_resolver(reach);
            client.build().map_err(Error::internal)
        };
        slot.get_or_try_init(build).await
    }
}

/// Which addresses may be connected to.
#[derive(Clone, Debug)]
struct Reach {
    allowed: Networks,
    plain: bool,
}

impl Reach {
    fn has(&self, address: IpAddr) -> bool {
        self.allowed.contain(address) || (!self.plain && is_public(address))
    }
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let reached: Vec<SocketAddr> = found.filter(|address| reach.has(address.ip())).collect();
            if reached.is_empty() {
                return Err("a name that leads to no address that may be called".into());
            }
            Ok(Box::new(reached.into_iter()) as Addrs)
        })
    }
}

fn is_public(address: IpAddr) -> bool {
    static NETWORKS: LazyLock<Option<Networks>> = LazyLock::new(|| PRIVATE.parse().ok());
    NETWORKS.as_ref().is_some_and(|networks| !networks.contain(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fetch(allowed: &str) -> Fetch {
        Fetch::new(allowed.parse().unwrap())
    }

    #[test]
    fn only_the_public_internet_is_called() {
        for address in ["8.8.8.8", "114.114.114.114", "2400:3200::1", "2606:4700::1111"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
            assert!(fetch("").may_call(&format!("https://{}/x", host(address))), "{address}");
            assert!(!fetch("").may_call(&format!("http://{}/x", host(address))), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.31.0.1",
            "192.168.1.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "fc00::1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2002:7f00:1::",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
            assert!(!fetch("").may_call(&format!("https://{}/x", host(address))), "{address}");
        }
    }

    #[test]
    fn other_spellings_of_an_address_are_the_same_address() {
        for text in [
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://[::ffff:7f00:1]/",
        ] {
            assert!(!fetch("").may_call(text), "{text}");
        }
        for text in [
            "ftp://example.org/",
            "file:///etc/passwd",
            "https://user:secret@example.org/",
            "https://example.org/#x",
            "example.org",
            "",
        ] {
            assert!(!fetch("").may_call(text), "{text}");
        }
        assert!(fetch("").may_call("https://example.org/realms/a"));
    }

    #[test]
    fn a_setting_opens_a_network() {
        let open = fetch("10.0.0.0/8");
        assert!(open.may_call("https://10.1.2.3/") && open.may_call("http://10.1.2.3:8080/"));
        assert!(!open.may_call("https://192.168.0.1/") && !open.may_call("http://8.8.8.8/"));
        assert!(open.may_call("http://sso.county.example/"), "it depends on where the name leads");
        assert!(!fetch("").may_call("http://sso.county.example/"));
    }

    /// What a name leads to is looked at when it is resolved.
    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_called() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        for (allowed, address) in
            [("", format!("https://localhost:{port}/")), ("10.0.0.0/8", format!("http://localhost:{port}/"))]
        {
            assert!(fetch(allowed).may_call(&address));
            assert!(fetch(allowed).json(&address).await.is_err());
        }
        let nobody = tokio::time::timeout(Duration::from_millis(100), listener.accept()).await;
        assert!(nobody.is_err(), "somebody connected");
    }

    fn host(address: &str) -> String {
        if address.contains(':') { format!("[{address}]") } else { address.to_owned() }
    }
}
