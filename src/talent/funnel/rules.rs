//! Who counts whom, what can be counted together, and which figures are not told.

use entity::{membership::Role, organization::OrganizationKind};

use super::{Count, Rate, Stage, TalentFunnelGroupBy as By};
use crate::{
    auth::Actor,
    talent::applications::rules::{RECRUITERS, STAFF},
};

/// No figure below this is told to those who do not know the students anyway.
pub const LEAST: i64 = 5;

/// The roles that run events and report for a county.
const COUNTY: &[Role] = &[Role::CountyAdmin, Role::CountyOfficer];

/// Whom an actor counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The students of the own university.
    University,
    /// Those who came to events at which the enterprise exhibits, and who applied there.
    Enterprise,
    /// Those who came to events of the county, and who applied there or at its enterprises.
    County,
    /// Everybody.
    Platform,
}

/// Whom this actor counts; nothing for those who count nobody: students, professors, an enterprise's auditors.
#[must_use]
pub fn scope(actor: &Actor) -> Option<Scope> {
    let auditor = actor.is(&[Role::Auditor]);
    match actor.side() {
        OrganizationKind::University if auditor || actor.is(STAFF) => Some(Scope::University),
        OrganizationKind::Enterprise if actor.is(RECRUITERS) => Some(Scope::Enterprise),
        OrganizationKind::County if (auditor || actor.is(COUNTY)) && !actor.region().is_empty() => Some(Scope::County),
        OrganizationKind::Platform if actor.is(&[Role::PlatformAdmin]) => Some(Scope::Platform),
        _ => None,
    }
}

/// Below which no figure is told to this actor; nothing for those who see each of the students. What a student studies
/// an enterprise knows from the résumé alone, so that it reads no small figure by majors.
#[must_use]
pub fn least(actor: &Actor, scope: Scope, by_major: bool) -> Option<i64> {
    match scope {
        Scope::University if actor.is(STAFF) => None,
        Scope::Enterprise if !by_major => None,
        Scope::University | Scope::Enterprise | Scope::County | Scope::Platform => Some(LEAST),
    }
}

/// The first stage that can be counted so: who attends an event attends no enterprise, and has no intention yet.
#[must_use]
pub fn first(by: By) -> Stage {
    match by {
        By::Event | By::Major | By::Month => Stage::Attended,
        By::Enterprise | By::Family => Stage::Interviewed,
        By::Engagement => Stage::Intention,
    }
}

/// How many students reached each stage, and of whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// The students of each stage.
    pub reached: [i64; Stage::COUNT],
    /// Those of them who reached the stage before.
    pub with_previous: [i64; Stage::COUNT],
    /// Those of them who reached the first stage that is counted.
    pub with_first: [i64; Stage::COUNT],
    /// Not told.
    pub withheld: [bool; Stage::COUNT],
}

/// Withholds every figure below `least`; and where the others would then tell it, being all but one of a sum that is
/// known, the next larger ones as well, until what is withheld in a stage is `least` students together.
pub fn withhold(groups: &mut [Figures], least: i64) {
    for stage in 0..Stage::COUNT {
        for group in groups.iter_mut() {
            group.withheld[stage] = group.reached[stage] < least;
        }
        while (1..least).contains(&groups.iter().filter(|it| it.withheld[stage]).map(|it| it.reached[stage]).sum()) {
            let shown = groups.iter_mut().filter(|group| !group.withheld[stage]);
            let Some(smallest) = shown.min_by_key(|group| group.reached[stage]) else { break };
            smallest.withheld[stage] = true;
        }
    }
}

/// What is told of these figures, from this stage on.
#[must_use]
pub fn told(figures: &Figures, first: Stage, least: Option<i64>) -> Vec<Count> {
    let first = first.place();
    let rate = |students: i64, of: usize| {
        let small = figures.withheld[of] || least.is_some_and(|least| students < least);
        (!small && figures.reached[of] > 0).then_some(Rate { students, of: figures.reached[of] })
    };
    let counted = Stage::ALL.into_iter().skip(first);
    counted
        .map(|stage| {
            let place = stage.place();
            let later = place > first && !figures.withheld[place];
            Count {
                stage,
                students: (!figures.withheld[place]).then_some(figures.reached[place]),
                of_previous: later.then(|| rate(figures.with_previous[place], place - 1)).flatten(),
                of_first: later.then(|| rate(figures.with_first[place], first)).flatten(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(attended: i64) -> Figures {
        let mut figures = Figures::default();
        figures.reached[0] = attended;
        figures
    }

    fn shown(attended: &[i64]) -> Vec<Option<i64>> {
        let mut groups: Vec<Figures> = attended.iter().copied().map(group).collect();
        withhold(&mut groups, LEAST);
        groups.iter().map(|it| (!it.withheld[0]).then_some(it.reached[0])).collect()
    }

    /// Small figures are withheld, and so much with them that no sum tells them.
    #[test]
    fn small_figures_hide_behind_others() {
        assert_eq!(shown(&[72]), [Some(72)]);
        assert_eq!(shown(&[4]), [None]);
        assert_eq!(shown(&[0, 70]), [None, Some(70)]);
        assert_eq!(shown(&[40, 30, 2]), [Some(40), None, None]);
        assert_eq!(shown(&[40, 3, 2]), [Some(40), None, None]);
        assert_eq!(shown(&[40, 1, 2]), [None, None, None]);
        assert_eq!(shown(&[5, 5, 5]), [Some(5); 3]);
    }

    /// A rate is told with its denominator, and not when one of its two is small.
    #[test]
    fn rates_name_their_denominators() {
        let mut figures = Figures { reached: [72, 60, 31, 9, 4, 0, 0, 0], ..Figures::default() };
        figures.with_previous = [72, 58, 31, 8, 4, 0, 0, 0];
        figures.with_first = [72, 58, 30, 9, 4, 0, 0, 0];
        let whole = told(&figures, Stage::Attended, None);
        assert_eq!(whole[0].of_previous, None);
        assert_eq!(whole[1].of_previous, Some(Rate { students: 58, of: 72 }));
        assert_eq!(whole[3].of_previous, Some(Rate { students: 8, of: 31 }));
        assert_eq!(whole[3].of_first, Some(Rate { students: 9, of: 72 }));
        assert_eq!(whole[6].of_previous, None);
        withhold(std::slice::from_mut(&mut figures), LEAST);
        let careful = told(&figures, Stage::Interviewed, Some(LEAST));
        assert_eq!(careful.len(), 7);
        assert_eq!(careful[0].of_first, None);
        assert_eq!(careful[3], Count { stage: Stage::Accepted, students: None, of_previous: None, of_first: None });
    }
}
