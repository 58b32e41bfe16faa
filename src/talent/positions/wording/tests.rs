//! What is found, word by word, and what is not.

use super::*;

/// `SEX 限男性`, for each finding.
fn found(text: &str) -> Vec<String> {
    findings(text).into_iter().map(|finding| format!("{:?} {}", finding.ground, finding.words)).collect()
}

#[test]
fn every_line_of_the_table_can_be_read() {
    let lines: Vec<&str> = include_str!("words.csv").lines().skip(1).collect();
    for line in &lines {
        let cells: Vec<&str> = line.splitn(3, ',').collect();
        let [ground, citation, words] = cells[..] else { panic!("{line}") };
        assert!(ground == "OK" || Ground::read(ground).is_some(), "{line}");
        assert!(!citation.is_empty() && !words.contains(' ') && !words.contains(','), "{line}");
        assert_eq!(words.matches('{').count(), words.matches('}').count(), "{line}");
        assert_eq!(Pattern::read(words).longest(&[]), None, "{line} matches nothing at all");
    }
    assert_eq!(TABLE.harmless.len() + TABLE.rules.len(), lines.len());
}

/// Each text has exactly this finding.
fn each(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(found(text), [*expected], "{text}");
    }
}

#[test]
fn sex_ethnicity_religion_and_age_are_quoted() {
    each(&[
        ("限男性", "Sex 限男性"),
        ("限男 性", "Sex 限男 性"),
        ("限 男，性。", "Sex 限 男，性"),
        ("仅限女生报名", "Sex 仅限女生"),
        ("招聘男工，能吃苦", "Sex 招聘男工"),
        ("男士优先考虑", "Sex 男士优先考虑"),
        ("性别：女", "Sex 性别：女"),
        ("性别要求：男", "Sex 性别要求：男"),
        ("女性勿扰", "Sex 女性勿扰"),
        ("男生5名", "Sex 男生5名"),
        ("更适合男生", "Sex 更适合男生"),
        ("Male only", "Sex Male only"),
        ("ＦＥＭＡＬＥ　ＰＲＥＦＥＲＲＥＤ", "Sex ＦＥＭＡＬＥ　ＰＲＥＦＥＲＲＥＤ"),
        ("仅限汉族", "Ethnicity 仅限汉族"),
        ("民族：汉族", "Ethnicity 民族：汉族"),
        ("谢绝少数民族人员", "Ethnicity 谢绝少数民族人员"),
        ("无宗教信仰者", "Religion 无宗教信仰者"),
        ("信仰佛教者优先", "Religion 信仰佛教者"),
        ("基督教徒优先", "Religion 基督教徒优先"),
        ("35岁以下", "Age 35岁以下"),
        ("三十五周岁以内", "Age 三十五周岁以内"),
        ("18-35岁", "Age 18-35岁"),
        ("１８～３５周岁之间", "Age １８～３５周岁之间"),
        ("年龄不超过40", "Age 年龄不超过40"),
        ("90后优先", "Age 90后优先"),
        ("大龄勿扰", "Age 大龄勿扰"),
        ("Under 35 years old", "Age Under 35 years old"),
        ("二十六周岁以上", "Age 二十六周岁以上"),
        ("年满18周岁至35周岁", "Age 至35周岁"),
        ("年满25周岁", "Age 年满25周岁"),
    ]);
}

#[test]
fn marriage_health_disability_origin_and_university_are_quoted() {
    each(&[
        ("已婚已育优先", "MarriageAndChildbearing 已婚已育优先"),
        ("要求未婚", "MarriageAndChildbearing 要求未婚"),
        ("入职两年内不得怀孕", "MarriageAndChildbearing 不得怀孕"),
        ("婚育状况：已育", "MarriageAndChildbearing 婚育状况：已育"),
        ("入职孕检", "MarriageAndChildbearing 入职孕检"),
        ("无乙肝", "Health 无乙肝"),
        ("乙肝病毒携带者勿扰", "Health 乙肝病毒携带者勿扰"),
        ("乙肝两对半正常", "Health 乙肝两对半正常"),
        ("不招残疾人", "Disability 不招残疾人"),
        ("本地户籍优先", "HouseholdRegister 本地户籍优先"),
        ("须具有营山县户籍", "HouseholdRegister 须具有营山县户籍"),
        ("限本县户口", "HouseholdRegister 限本县户口"),
        ("外地人勿扰", "HouseholdRegister 外地人勿扰"),
        ("不招河南人", "HouseholdRegister 不招河南人"),
        ("仅限985/211高校", "School 仅限985/211高校"),
        ("双一流高校毕业生优先", "School 双一流高校毕业生优先"),
    ]);
}

#[test]
fn what_sounds_similar_is_left_alone() {
    for text in [
        "男女不限",
        "性别不限，年龄不限",
        "不限性别",
        "不限户籍、民族",
        "性别：男女不限",
        "户籍要求不限",
        "无年龄要求",
        "妇女用品研发",
        "女装设计，男鞋打样",
        "负责女士护肤品的配方",
        "熟悉女职工劳动保护规定",
        "工作期限，男装部",
        "营山锦程纺织有限公司，男女平等",
        "年满18周岁",
        "十六周岁以上",
        "3岁以上儿童玩具的质量检验",
        "0-3岁婴幼儿食品研发",
        "5年以上工作经验",
        "公司成立20年，员工300人以上",
        "适龄青年均可应聘",
        "未到法定退休年龄",
        "同等条件下少数民族优先",
        "残疾人优先",
        "乙肝疫苗生产工艺",
        "已婚员工享受探亲假",
        "哺乳期女职工享受哺乳假",
        "协助办理户口",
        "民族服饰研发",
        "宗教建筑测绘",
        "身体健康，能出差",
        "985 工程项目资料整理",
        "本科及以上学历",
        "Over 5 years of experience",
        "There is no mention of a specimen only",
        "女生宿舍管理员",
        "",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}

#[test]
fn everything_is_found_at_once_in_its_order() {
    let text = "要求：限男性，35岁以下，已婚优先；年满18周岁，本地户籍优先。男女不限。";
    let expected = ["Sex 限男性", "Age 35岁以下", "MarriageAndChildbearing 已婚优先", "HouseholdRegister 本地户籍优先"];
    assert_eq!(found(text), expected);
    let offsets: Vec<usize> = findings(text).iter().map(|finding| finding.offset).collect();
    assert_eq!(offsets, [3, 7, 13, 25]);
    let Finding { citation, .. } = &findings(text)[0];
    assert_eq!(*citation, "就业促进法27、妇女权益保障法43");
}

#[test]
fn nothing_reaches_over_a_sentence() {
    assert_eq!(found("工作认真，不设上限。男女同事友好"), [""; 0]);
    assert_eq!(found("名额有限\n女生宿舍齐全"), [""; 0]);
    assert_eq!(found("一切从\u{0}限"), [""; 0]);
}

#[test]
fn a_long_text_is_read_quickly_enough() {
    let text = "负责产品质量检验，使用 SolidWorks 与用友软件，18".repeat(400);
    let begun = std::time::Instant::now();
    assert_eq!(found(&text), [""; 0]);
    assert!(begun.elapsed() < std::time::Duration::from_secs(2));
}
