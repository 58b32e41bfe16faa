//! The organizations and their admins, made from numbers.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    membership::{self, MembershipStatus, Role},
    organization::{self, OrganizationKind, OrganizationStatus},
    region, user,
};
use hezuo::platform::clock::{self, Clock};
use uuid::Uuid;

/// When the first organization was registered: the first of March, 2025.
const REGISTERED: i64 = 1_740_787_200;
const ENTERPRISES: usize = 1_979;
pub(crate) const TRADES: [&str; 8] =
    ["智能制造", "新能源汽车零部件", "绿色食品", "现代中药", "丝绸纺织", "电子信息", "装配式建筑", "柑橘种植"];

/// A key that sorts by when its record was made; `table` and `number` make it this one and no other.
pub(crate) fn key(at: DateTime<Utc>, table: u8, number: usize) -> Uuid {
    let millis = u128::try_from(at.timestamp_millis()).unwrap();
    let scattered = (number as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(table);
    let random = u128::from(scattered) & 0x3fff_ffff_ffff_ffff;
    Uuid::from_u128(millis << 80 | 0x7 << 76 | u128::from(table) << 64 | 0b10 << 62 | random)
}

/// A number below `end` for each number, scattered.
pub(crate) fn scatter(number: usize, end: usize) -> usize {
    let scattered = (number as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    usize::try_from(scattered).unwrap() % end
}

fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

pub(crate) fn later(from: i64, steps: usize, seconds: i64) -> DateTime<Utc> {
    moment(from + i64::try_from(steps).unwrap() * seconds)
}

/// The organizations: the university, the counties, then the enterprises, county by county in turn.
pub(crate) struct Town {
    pub(crate) organizations: Vec<organization::Model>,
    regions: Vec<String>,
    pub(crate) today: NaiveDate,
}

impl Town {
    pub(crate) fn new(platform: Uuid, regions: &[region::Model], times: usize) -> Self {
        let mut organizations =
            vec![organization(0, OrganizationKind::University, (platform, "500113"), "重庆理工大学".to_owned())];
        organizations[0].name_en = Some("Chongqing University of Technology".to_owned());
        organizations[0].school_code = Some("11660".to_owned());
        for (at, region) in regions.iter().enumerate() {
            let name = format!("{}人民政府", region.name);
            organizations.push(organization(at + 1, OrganizationKind::County, (platform, &region.code), name));
        }
        for at in 0..ENTERPRISES * times {
            let region = &regions[at % regions.len()];
            let county = organizations[1 + at % regions.len()].id;
            let name = format!("{}{}第{}有限公司", region.name, TRADES[at / regions.len() % TRADES.len()], at + 1);
            let number = organizations.len();
            organizations.push(organization(number, OrganizationKind::Enterprise, (county, &region.code), name));
        }
        let regions = regions.iter().map(|region| region.code.clone()).collect();
        Self { organizations, regions, today: clock::day(Clock::System.now()) }
    }

    pub(crate) fn university(&self) -> &organization::Model {
        &self.organizations[0]
    }

    pub(crate) fn counties(&self) -> usize {
        self.regions.len()
    }

    pub(crate) fn county(&self, at: usize) -> &organization::Model {
        &self.organizations[1 + at]
    }

    /// An enterprise of a county; they are taken in turn.
    pub(crate) fn enterprise(&self, county: usize, turn: usize) -> &organization::Model {
        let enterprises = self.enterprises();
        let there = enterprises.len() / self.counties();
        &enterprises[county + turn % there * self.counties()]
    }

    /// The enterprises in their order, county by county in turn.
    pub(crate) fn enterprises(&self) -> &[organization::Model] {
        &self.organizations[1 + self.counties()..]
    }

    /// The admins of the counties and of the enterprises but the first; everybody has the password of `like`.
    pub(crate) fn admins(&self, like: &user::Model) -> (Vec<user::Model>, Vec<membership::Model>) {
        let theirs = self.organizations.iter().skip(1).filter(|it| it.id != self.enterprise(0, 0).id);
        let each = theirs.enumerate().map(|(at, organization)| {
            let made = organization.created_at + TimeDelta::seconds(1);
            let person = user::Model {
                id: key(made, 6, at),
                login: format!("admin-{at}"),
                display_name: format!("管理员{at}"),
                created_at: made,
                updated_at: made,
                ..like.clone()
            };
            let county = organization.kind == OrganizationKind::County;
            let membership = membership::Model {
                id: key(made, 7, at),
                user_id: person.id,
                organization_id: organization.id,
                role: if county { Role::CountyAdmin } else { Role::EnterpriseAdmin },
                status: MembershipStatus::Active,
                version: 1,
                created_at: made,
                updated_at: made,
            };
            (person, membership)
        });
        each.unzip()
    }

    /// Of the numbers on the covers.
    pub(crate) fn series(&self, county: usize) -> String {
        format!("{}-2026", self.regions[county])
    }
}

fn organization(
    number: usize,
    kind: OrganizationKind,
    (parent, region): (Uuid, &str),
    name: String,
) -> organization::Model {
    let at = later(REGISTERED, number, 60);
    organization::Model {
        id: key(at, 1, number),
        kind,
        parent_id: Some(parent),
        name,
        name_en: None,
        credit_code: credit_code(kind, region, number),
        region_code: Some(region.to_owned()),
        industry_code: None,
        size_class: None,
        school_code: None,
        profile: None,
        production: None,
        talent_cultivation: None,
        research_platforms: None,
        website: None,
        contact_name: None,
        contact_phone: None,
        contact_email: None,
        staff_count: None,
        internal_note: None,
        registered_by_id: None,
        status: OrganizationStatus::Verified,
        status_reason: None,
        verified_at: Some(at),
        merged_into_id: None,
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

/// Fictional, with the right check digits.
fn credit_code(kind: OrganizationKind, region: &str, number: usize) -> String {
    let prefix = match kind {
        OrganizationKind::Enterprise => "91",
        OrganizationKind::County => "11",
        OrganizationKind::University | OrganizationKind::Platform => "12",
    };
    let organization = format!("FA{number:06}");
    let letter = |c: char| c.to_digit(36).unwrap();
    let sum: u32 = organization.chars().map(letter).zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(c, weight)| c * weight).sum();
    let check = ['0', 'X', '9', '8', '7', '6', '5', '4', '3', '2', '1'][sum as usize % 11];
    let code = format!("{prefix}{region}{organization}{check}");
    let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |c: char| alphabet.find(c).unwrap();
    let (sum, _) = code.chars().fold((0, 1), |(sum, weight), c| (sum + value(c) * weight, weight * 3 % 31));
    format!("{code}{}", &alphabet[(31 - sum % 31) % 31..][..1])
}
