//! Proposals, and what ending an agreement would mean, as clients see them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{
    agreement,
    agreement_proposal::{self, ProposalStatus, ProposalStep, ProposedStep},
    agreement_proposal_vote,
};

use super::{
    AgreementProposalVoteInput, AgreementProposalWithdrawInput, AgreementProposeInput, AgreementTerminateInput, store,
};
use crate::{
    agreements::{Dependent, Effect, Registered, graphql::Agreement, most_dependents, termination_impact},
    error::Result,
    graphql::{DateTime, Payload, asked, by_id, column, counted, facts, many, one},
    identity::graphql::Person,
    organizations::graphql::Organization,
    platform::{id::Id, lifecycle::Stepped},
    view,
};

view! {
    /// A party's proposal to suspend, resume, terminate or rescind an agreement 提议; all other parties must agree. Seen
    /// with its agreement, whose history tells what became of it.
    pub AgreementProposal of agreement_proposal, seen by store::visible_to, with Agreement by AgreementId, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The agreement 协议.
    agreement: Option<Agreement> = one(AgreementId);
    /// What is proposed 提议事项.
    step: ProposedStep = column(Step);
    /// The party that proposes it 提议单位.
    organization: Option<Organization> = one(OrganizationId);
    /// The person who proposed it 提议人.
    proposer: Option<Person> = one(ProposerId);
    /// Why 理由.
    reason: String = column(Reason);
    /// Where it stands 状态.
    status: ProposalStatus = column(Status);
    /// What the parties said, the proposing one among them 各方意见.
    votes: Vec<AgreementProposalVote> = many(agreement_proposal_vote::Column::ProposalId).at_most(20);
    /// The steps you can take now: show exactly these buttons 可执行步骤.
    open_steps: Vec<ProposalStep> = facts(store::facts_of, Stepped::open_steps);
    /// When it was carried out, declined, withdrawn or overtaken 办结时间.
    closed_at: Option<DateTime> = column(ClosedAt);
    /// Rises with every change 版本.
    version: i32 = column(Version);
    /// When it was made 提议时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// What a party said of a proposal 提议意见; seen with the proposal.
    pub AgreementProposalVote of agreement_proposal_vote, seen by store::votes_visible_to, with AgreementProposal by ProposalId;

    /// The id 标识.
    id: ID = column(Id);
    /// The party 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// The person 表决人.
    voter: Option<Person> = one(VoterId);
    /// Whether it agreed 是否同意.
    agreed: bool = column(Agreed);
    /// A word to the other parties 说明.
    note: Option<String> = column(Note);
    /// When 时间.
    created_at: DateTime = column(CreatedAt);
}

view! {
    /// Queries about proposals.
    pub ProposalQueries root;

    /// The proposal with this id 提议.
    agreement_proposal: Option<AgreementProposal> = by_id();
}

/// Something that rests on an agreement 受影响的记录.
#[derive(Clone, Debug, SimpleObject)]
pub struct TerminationDependent {
    /// The record's id; `node` finds it 标识.
    pub id: ID,
    /// What people call it: its number or its title 名称.
    pub name: String,
    /// What becomes of it when the agreement is terminated 影响.
    pub effect: Effect,
}

impl From<Dependent> for TerminationDependent {
    fn from(dependent: Dependent) -> Self {
        Self { id: dependent.id.into(), name: dependent.name, effect: dependent.effect }
    }
}

/// What ending an agreement would mean.
#[derive(Debug, Default)]
pub struct ImpactQueries;

#[Object]
impl ImpactQueries {
    /// Everything that rests on an agreement and that you see, to be read before it is terminated; at most 500 records
    /// of each type. Costs 500 for each type. Who may: whoever sees the agreement 解除影响.
    async fn termination_impact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agreement.")] id: Id<agreement::Entity>,
    ) -> Result<Option<Vec<TerminationDependent>>> {
        const NONE: &Registered = &Vec::new();
        let (app, actor) = asked(ctx)?;
        let later = ctx.data_opt::<Registered>().unwrap_or(NONE);
        counted(ctx, most_dependents(later)).await?;
        let dependents = termination_impact(app, actor, id.key(), later).await?;
        Ok(Some(dependents.into_iter().map(TerminationDependent::from).collect()))
    }
}

/// Mutations of proposals.
#[derive(Debug, Default)]
pub struct ProposalMutations;

#[Object]
impl ProposalMutations {
    /// Proposes to suspend, resume, terminate or rescind an agreement; that is your side's yes. One proposal at a time.
    /// Who may: the admin of a party that signed 提议中止、恢复、解除或撤销.
    async fn agreement_propose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementProposeInput,
    ) -> Result<Payload<AgreementProposal>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::propose(app, actor, &input).await.map(AgreementProposal))
    }

    /// Answers a proposal for your side: one no declines it, the last party's yes carries it out. Who may: the admin of
    /// each other party that signed, once 答复提议.
    async fn agreement_proposal_vote(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementProposalVoteInput,
    ) -> Result<Payload<AgreementProposal>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::vote(app, actor, &input).await.map(AgreementProposal))
    }

    /// Takes your side's proposal back. Who may: the admin of the party that made it 撤回提议.
    async fn agreement_proposal_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementProposalWithdrawInput,
    ) -> Result<Payload<AgreementProposal>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::withdraw(app, actor, &input).await.map(AgreementProposal))
    }

    /// Ends an agreement at once and alone, on a ground that a document shows; with the others' consent propose it
    /// instead. Who may: the admin of a party that signed 单方解除.
    async fn agreement_terminate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: AgreementTerminateInput,
    ) -> Result<Payload<Agreement>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::terminate(app, actor, &input).await.map(Agreement))
    }
}
