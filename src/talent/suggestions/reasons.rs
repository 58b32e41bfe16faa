//! Why a position fits a student: each respect, its points and its words. The same answer whoever computes it, from what
//! both sides have written and nothing else.

use entity::{job_position::EducationWanted, position_skill::PositionSkillLevel};

use super::{Gap, Kind, Position, Reason, Skill, Student, Suggestion, Wanted, wishes};
use crate::{
    error::Text,
    talent::resumes::content::{EducationLevel, ResumeSkillInput, SkillLevel},
};

/// The very major; another of its class; another of its discipline.
const MAJOR: [i32; 3] = [30, 15, 5];
const FAMILY: i32 = 20;
const PLACE: i32 = 15;
/// A skill at the level that is asked for, one below it, and what evidence adds.
const SKILL: [i32; 3] = [8, 4, 2];
/// A certificate shows itself.
const CERTIFICATE: i32 = 10;
/// How well a language is mastered is said in words, which are not compared.
const LANGUAGE: i32 = 4;
/// Everybody there is paid as much as is wished for, or some are.
const PAY: [i32; 2] = [10, 5];
const EVENT: i32 = 10;
const EXPERIENCE: i32 = 10;

/// The position with its reasons and gaps; nothing without a reason.
pub(super) fn compare(student: &Student, position: Position) -> Option<Suggestion> {
    let mut compared = Compared { student, position: &position, reasons: Vec::new(), missing: Vec::new() };
    compared.major();
    compared.family();
    compared.place();
    compared.skills();
    compared.pay();
    compared.event();
    compared.experience();
    compared.education();
    let Compared { reasons, missing, .. } = compared;
    let score = reasons.iter().map(|reason| reason.points).sum();
    (score > 0).then_some(Suggestion { position, score, reasons, missing })
}

struct Compared<'a> {
    student: &'a Student,
    position: &'a Position,
    reasons: Vec<Reason>,
    missing: Vec<Gap>,
}

impl Compared<'_> {
    fn fits(&mut self, kind: Kind, points: i32, en: String, zh: String) {
        self.reasons.push(Reason { kind, points, skill: None, text: Text::new(en, zh) });
    }

    fn misses(&mut self, kind: Kind, en: String, zh: String) {
        self.missing.push(Gap { kind, skill: None, text: Text::new(en, zh) });
    }

    /// The nearest of the majors that are welcome, the first of those that are equally near. The marks after the six
    /// digits change with the catalogue and are left out.
    fn major(&mut self) {
        let (Some(own), majors) = (self.student.resume.major(), &self.position.majors) else { return };
        let near = |digits: usize| majors.iter().find(|code| code.get(..digits) == own.get(..digits));
        if let Some(code) = near(6) {
            let (en, zh) = (format!("It welcomes your major, {code}."), format!("招收您的专业（{code}）。"));
            self.fits(Kind::Major, MAJOR[0], en, zh);
        } else if let Some(code) = near(4) {
            let en = format!("It welcomes {code}, a major of the same class as yours, {own}.");
            let zh = format!("招收 {code}，与您的专业（{own}）同属一个专业类。");
            self.fits(Kind::Major, MAJOR[1], en, zh);
        } else if let Some(code) = near(2) {
            let en = format!("It welcomes {code}, a major of the same discipline as yours, {own}.");
            let zh = format!("招收 {code}，与您的专业（{own}）同属一个学科门类。");
            self.fits(Kind::Major, MAJOR[2], en, zh);
        } else if !majors.is_empty() {
            let codes = majors.join(", ");
            let en = format!("It welcomes other majors: {codes}.");
            self.misses(Kind::Major, en, format!("招收的专业为：{}。", majors.join("、")));
        }
    }

    fn family(&mut self) {
        let wishes = &self.student.resume.wishes.families;
        let Some(wish) = wishes.iter().find(|wish| wishes::is_family(wish, self.position.family)) else { return };
        let (en, zh) = (format!("It is what you wish for: {wish}."), format!("符合您期望的岗位类别：{wish}。"));
        self.fits(Kind::Family, FAMILY, en, zh);
    }

    fn place(&mut self) {
        let (wishes, Position { region, places, .. }) = (&self.student.resume.wishes.places, self.position);
        if let Some(wish) = wishes.iter().find(|wish| wishes::is_place(wish, region, places)) {
            let (en, zh) = (format!("It is where you wish to work: {wish}."), format!("位于您期望的地点：{wish}。"));
            self.fits(Kind::Place, PLACE, en, zh);
        } else if !wishes.is_empty() {
            let place = places.concat();
            let en = format!("It is in {place}, elsewhere than you wish.");
            self.misses(Kind::Place, en, format!("工作地点为{place}，不在您期望的地点之列。"));
        }
    }

    /// Each as a skill, else as a certificate, else as a language.
    fn skills(&mut self) {
        let (resume, position) = (&self.student.resume, self.position);
        for wanted in &position.skills {
            let name = &wanted.name;
            if let Some(own) = resume.skills.iter().find(|own| wishes::is_skill(&own.name, name)) {
                self.mastered(wanted, own);
            } else if resume.certificates.iter().any(|own| wishes::is_skill(&own.name, name)) {
                let text = Text::new(format!("It asks for {name}; you have it."), format!("要求{name}，您已取得。"));
                self.reasons.push(Reason {
                    kind: Kind::Skill,
                    points: CERTIFICATE,
                    skill: Some(skill(wanted, None)),
                    text,
                });
            } else if let Some(own) = resume.languages.iter().find(|own| wishes::is_skill(&own.name, name)) {
                let ((en, zh), had) = (words(rank(wanted.level)), &own.level);
                let en = format!("It asks for {name} ({en}); you have it ({had}).");
                let text = Text::new(en, format!("要求{name}（{zh}），您已具备（{had}）。"));
                self.reasons.push(Reason {
                    kind: Kind::Skill,
                    points: LANGUAGE,
                    skill: Some(skill(wanted, None)),
                    text,
                });
            } else {
                self.unnamed(wanted);
            }
        }
    }

    fn mastered(&mut self, wanted: &Wanted, own: &ResumeSkillInput) {
        let (name, asked, had) = (&wanted.name, rank(wanted.level), own.level as usize);
        let ((en, zh), (had_en, had_zh)) = (words(asked), words(had));
        let (more, shown_en, shown_zh) = match own.evidence {
            Some(_) => (SKILL[2], ", with evidence", "，并有佐证"),
            None => (0, "", ""),
        };
        let text = Text::new(
            format!("It asks for {name} ({en}); you have it ({had_en}{shown_en})."),
            format!("要求{name}（{zh}），您已具备（{had_zh}{shown_zh}）。"),
        );
        let (points, skill) = (SKILL[usize::from(had < asked)] + more, Some(skill(wanted, Some(own.level))));
        self.reasons.push(Reason { kind: Kind::Skill, points, skill: skill.clone(), text });
        if had < asked {
            let en = format!("It asks for {name} at a higher level: {en}.");
            let text = Text::new(en, format!("{name}要求达到更高水平：{zh}。"));
            self.missing.push(Gap { kind: Kind::Skill, skill, text });
        }
    }

    fn unnamed(&mut self, wanted: &Wanted) {
        let (name, (en, zh)) = (&wanted.name, words(rank(wanted.level)));
        let (asks_en, asks_zh) = if wanted.required { ("asks for", "要求") } else { ("would like", "希望具备") };
        let text = Text::new(
            format!("It {asks_en} {name} ({en}), which your résumé does not name."),
            format!("{asks_zh}{name}（{zh}），您的简历中未提及。"),
        );
        self.missing.push(Gap { kind: Kind::Skill, skill: Some(skill(wanted, None)), text });
    }

    fn pay(&mut self) {
        let Some(wish) = self.student.resume.wishes.pay.as_deref().and_then(wishes::pay) else { return };
        let (min, max) = self.position.pay;
        let (from, to, wished) = (yuan(min), yuan(max), yuan(wish));
        if max < wish {
            let en = format!("It pays up to {to} yuan a month; you wish for {wished}.");
            return self.misses(Kind::Pay, en, format!("月薪最高 {to} 元，您期望 {wished} 元。"));
        }
        let en = format!("It pays {from} to {to} yuan a month; you wish for {wished}.");
        let zh = format!("月薪 {from} 至 {to} 元，您期望 {wished} 元。");
        self.fits(Kind::Pay, PAY[usize::from(min < wish)], en, zh);
    }

    /// Once, by the next event.
    fn event(&mut self) {
        let there = self.student.events.iter().find(|event| event.enterprises.contains(&self.position.organization));
        let Some(event) = there else { return };
        let (title, day) = (&event.title, event.day);
        let en = format!("Its enterprise is at “{title}” on {day}, for which you are registered.");
        let zh = format!("该企业参加您已报名的“{title}”（{day}）。");
        self.fits(Kind::Event, EVENT, en, zh);
    }

    /// Once, by the newest.
    fn experience(&mut self) {
        let at = wishes::plain(&self.position.enterprise);
        let been = self.student.resume.experiences.iter().find(|own| wishes::plain(&own.organization) == at);
        let Some(role) = been.map(|own| &own.role) else { return };
        let (en, zh) = (format!("You have been there: {role}."), format!("您曾在该企业实践：{role}。"));
        self.fits(Kind::Experience, EXPERIENCE, en, zh);
    }

    /// Told where it does not reach. That it does is no reason: nearly every education reaches nearly every position.
    fn education(&mut self) {
        let highest = self.student.resume.education.iter().map(|education| education.level as usize).max();
        let Some(highest) = highest else { return };
        let (asked, en, zh) = match self.position.education {
            EducationWanted::Any => return,
            EducationWanted::SecondaryVocational => {
                (EducationLevel::SecondaryVocational, "secondary vocational education", "中职")
            }
            EducationWanted::HigherVocational => {
                (EducationLevel::HigherVocational, "higher vocational education", "专科")
            }
            EducationWanted::Bachelor => (EducationLevel::Bachelor, "a bachelor's degree", "本科"),
            EducationWanted::Master => (EducationLevel::Master, "a master's degree", "硕士"),
            EducationWanted::Doctor => (EducationLevel::Doctor, "a doctorate", "博士"),
        };
        if highest < asked as usize {
            let en = format!("It asks for {en}, which your résumé does not name.");
            self.misses(Kind::Education, en, format!("要求{zh}及以上学历，您的简历中未提及。"));
        }
    }
}

fn skill(wanted: &Wanted, had: Option<SkillLevel>) -> Skill {
    Skill { name: wanted.name.clone(), asked: wanted.level, had }
}

/// The place of a level among all, as [`SkillLevel`] counts them.
fn rank(level: PositionSkillLevel) -> usize {
    (match level {
        PositionSkillLevel::Basic => SkillLevel::Basic,
        PositionSkillLevel::Working => SkillLevel::Working,
        PositionSkillLevel::Proficient => SkillLevel::Proficient,
        PositionSkillLevel::Expert => SkillLevel::Expert,
    }) as usize
}

fn words(rank: usize) -> (&'static str, &'static str) {
    match rank {
        0 => ("basic", "了解"),
        1 => ("working", "熟悉"),
        2 => ("proficient", "熟练"),
        _ => ("expert", "精通"),
    }
}

fn yuan(fen: i64) -> String {
    if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}
