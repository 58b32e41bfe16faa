//! Who is in the story. Every person and every enterprise is invented; the credit codes are fictional.

use entity::{
    membership::Role,
    organization::{OrganizationKind as Kind, SizeClass},
};

/// The password of every persona.
pub const PASSWORD: &str = "hezuo-demo";

/// Somebody to sign in as.
pub(super) struct Person {
    pub(super) login: &'static str,
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) role: Role,
    pub(super) organization: Org,
}

/// The organizations of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Org {
    Platform,
    University,
    County,
    Zone,
    Silk,
    Precision,
    Foods,
    Newcomer,
    Neighbour,
    NeighbourFirm,
}

/// What the register says of an organization.
pub(super) struct Registered {
    pub(super) org: Org,
    pub(super) under: Org,
    pub(super) kind: Kind,
    pub(super) name_en: &'static str,
    pub(super) code: &'static str,
    pub(super) region: Option<&'static str>,
    pub(super) industry: Option<(&'static str, SizeClass)>,
    pub(super) profile: &'static str,
}

impl Org {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Platform => "合作平台运营中心",
            Self::University => "重庆理工大学",
            Self::County => "营山县人民政府",
            Self::Zone => "营山经济开发区管理委员会",
            Self::Silk => "营山锦程纺织科技有限公司",
            Self::Precision => "营山恒锐精密机械有限公司",
            Self::Foods => "营山绿源食品有限公司",
            Self::Newcomer => "营山启明新材料有限公司",
            Self::Neighbour => "仪陇县人民政府",
            Self::NeighbourFirm => "仪陇云岭电子有限公司",
        }
    }
}

/// In the order in which they are registered.
pub(super) const REGISTER: &[Registered] = &[
    Registered {
        org: Org::University,
        under: Org::Platform,
        kind: Kind::University,
        name_en: "Chongqing University of Technology",
        code: "12500000DEMW00013F",
        region: Some("500113"),
        industry: None,
        profile: "以工为主的多科性大学，设有教授工作站与产教融合基地。",
    },
    Registered {
        org: Org::County,
        under: Org::Platform,
        kind: Kind::County,
        name_en: "People's Government of Yingshan County",
        code: "11511322DEMW000219",
        region: Some("511322"),
        industry: None,
        profile: "四川省南充市辖县，与高校共建人才与技术合作机制。",
    },
    Registered {
        org: Org::Neighbour,
        under: Org::Platform,
        kind: Kind::County,
        name_en: "People's Government of Yilong County",
        code: "11511324DEMW00056Q",
        region: Some("511324"),
        industry: None,
        profile: "四川省南充市辖县。",
    },
    Registered {
        org: Org::Zone,
        under: Org::County,
        kind: Kind::County,
        name_en: "Yingshan Economic Development Zone",
        code: "11511322DEMW000481",
        region: Some("511322"),
        industry: None,
        profile: "承接机械、纺织与食品加工企业，组织园区群面。",
    },
    Registered {
        org: Org::Silk,
        under: Org::County,
        kind: Kind::Enterprise,
        name_en: "Yingshan Jincheng Textile Technology",
        code: "91511322MADEMT002D",
        region: Some("511322"),
        industry: Some(("C1713", SizeClass::Medium)),
        profile: "功能性面料研发与生产，招收质量管理与工艺研发人才。",
    },
    Registered {
        org: Org::Precision,
        under: Org::County,
        kind: Kind::Enterprise,
        name_en: "Yingshan Hengrui Precision Machinery",
        code: "91511322MADEMT0108",
        region: Some("511322"),
        industry: Some(("C3484", SizeClass::Small)),
        profile: "精密零部件加工，关注热处理变形与在线检测技术。",
    },
    Registered {
        org: Org::Foods,
        under: Org::County,
        kind: Kind::Enterprise,
        name_en: "Yingshan Lüyuan Foods",
        code: "91511322MADEMT0295",
        region: Some("511322"),
        industry: Some(("C1371", SizeClass::Small)),
        profile: "果蔬加工，招收财务与食品质量专业学生。",
    },
    Registered {
        org: Org::Newcomer,
        under: Org::County,
        kind: Kind::Enterprise,
        name_en: "Yingshan Qiming New Materials",
        code: "91511322MADEMT07X8",
        region: Some("511322"),
        industry: None,
        profile: "新入园企业，等待核验。",
    },
    Registered {
        org: Org::NeighbourFirm,
        under: Org::Neighbour,
        kind: Kind::Enterprise,
        name_en: "Yilong Yunling Electronics",
        code: "91511324MADEMT053J",
        region: Some("511324"),
        industry: Some(("C3982", SizeClass::Small)),
        profile: "电子元件制造。",
    },
];

macro_rules! person {
    ($login:literal, $name:literal, $title:literal, $role:ident, $organization:ident) => {
        Person { login: $login, name: $name, title: $title, role: Role::$role, organization: Org::$organization }
    };
}

/// Everyone, the best first impressions first.
pub(super) const PERSONAS: &[Person] = &[
    person!("university.admin", "林一舟", "高校合作处管理员 university admin", UniversityAdmin, University),
    person!("county.admin", "周望川", "县级合作管理员 county admin", CountyAdmin, County),
    person!("enterprise.admin", "何锦程", "企业管理员 enterprise admin", EnterpriseAdmin, Silk),
    person!("county.officer", "唐知夏", "县级部门专员 county officer", CountyOfficer, County),
    person!("university.staff", "苏予宁", "高校就业实习专员 university staff", UniversityStaff, University),
    person!("professor", "沈砚秋", "教授 professor", Professor, University),
    person!("student", "陆小满", "学生 student", Student, University),
    person!("student.2", "江晚晴", "学生 another student", Student, University),
    person!("student.3", "骆川", "学生 a student who did not come", Student, University),
    person!("enterprise.recruiter", "邓思齐", "企业招聘 enterprise recruiter", EnterpriseRecruiter, Silk),
    person!("auditor", "方衡", "监督审计 auditor", Auditor, County),
    person!("admin", "运营管理员", "平台管理员 platform admin", PlatformAdmin, Platform),
    person!("admin.2", "复核管理员", "平台管理员 a second platform admin, who verifies", PlatformAdmin, Platform),
    person!("enterprise.admin.2", "韦恒锐", "企业管理员 another enterprise's admin", EnterpriseAdmin, Precision),
    person!("enterprise.admin.3", "冯青禾", "企业管理员 a third enterprise's admin", EnterpriseAdmin, Foods),
    person!("park.officer", "蒲知行", "园区专员 the park's officer, who holds events", CountyOfficer, Zone),
    person!("neighbour.admin", "龙远山", "邻县合作管理员 the neighbouring county's admin", CountyAdmin, Neighbour),
    person!("neighbour.officer", "易清和", "邻县部门专员 the neighbouring county's officer", CountyOfficer, Neighbour),
];
