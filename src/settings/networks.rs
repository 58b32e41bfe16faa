//! Networks in a setting: addresses and ranges.

use std::{net::IpAddr, str::FromStr};

/// Networks: addresses and ranges such as `10.0.0.0/8`, separated by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<(IpAddr, u32)>);

impl Networks {
    /// Whether the address is in one of them.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|(network, prefix)| match (network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros() >= *prefix
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros() >= *prefix
            }
            _ => false,
        })
    }
}

impl FromStr for Networks {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let one = |text: &str| {
            let (address, prefix) =
                text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
            let address: IpAddr = address.parse().map_err(drop)?;
            let longest = if address.is_ipv4() { 32 } else { 128 };
            let prefix = prefix.map_or(Ok(longest), str::parse).map_err(drop)?;
            if prefix <= longest { Ok((address, prefix)) } else { Err(()) }
        };
        text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(one).collect::<Result<_, ()>>().map(Self)
    }
}
