// What a good Node team writes by hand over the same tables: GraphQL Yoga, pg with prepared statements, DataLoader with
// one statement for each relation of a request. DATABASE_URL, LISTEN, CONNECTIONS. The schema is shaped as Hezuo's is.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import DataLoader from "dataloader";
import { createSchema, createYoga } from "graphql-yoga";
import pg from "pg";

const [host, port] = process.env.LISTEN.split(":");
// Days as they are written, whole numbers as numbers where they fit.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.CONNECTIONS) });

const query = async (name, text, values = []) => (await pool.query({ name, text, values })).rows;

const typeDefs = /* GraphQL */ `
  scalar Date
  scalar BigInt
  scalar DateTime
  type Query {
    agreement(id: ID!): Agreement
    agreements(first: Int = 20): AgreementConnection!
    organizations(first: Int = 20, filter: OrganizationFilter): OrganizationConnection!
    agreementCounts: [AgreementCount!]!
    recruitmentEvents(first: Int = 20): RecruitmentEventConnection!
    talentFunnel(filter: TalentFunnelFilter): TalentFunnel
  }
  type Mutation {
    cooperationItemCreate(input: CooperationItemCreateInput!): CooperationItem
    applicationSubmit(input: ApplicationSubmitInput!): Application
  }
  input TalentFunnelFilter { eventId: ID }
  input ApplicationSubmitInput { positionId: ID!, studentId: ID!, letter: String }
  input OrganizationFilter { kind: OrganizationKindFilter }
  input OrganizationKindFilter { in: [OrganizationKind!] }
  input CooperationItemCreateInput { agreementId: ID!, title: String!, responsibleId: ID!, dueOn: Date! }
  enum OrganizationKind { UNIVERSITY COUNTY ENTERPRISE PLATFORM }
  enum PartyRole { REQUIRED WITNESS }
  enum AgreementStatus {
    DRAFT IN_REVIEW AWAITING_SIGNATURE SIGNED ACTIVE SUSPENDED TERMINATED EXPIRED REJECTED CANCELLED
  }
  enum ItemStatus { PLANNED IN_PROGRESS SUBMITTED ACCEPTED RETURNED DEFERRED LAPSED DROPPED }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type AgreementConnection { nodes: [Agreement!]! pageInfo: PageInfo! }
  type OrganizationConnection { nodes: [Organization!]! pageInfo: PageInfo! }
  type CooperationItemConnection { nodes: [CooperationItem!]! pageInfo: PageInfo! }
  type Agreement {
    id: ID! number: String! title: String! status: AgreementStatus! startsOn: Date endsOn: Date!
    parties: [AgreementParty!]!
    items(first: Int = 20): CooperationItemConnection!
  }
  type AgreementParty { capacity: String! role: PartyRole! organization: Organization }
  type Organization {
    id: ID! name: String! kind: OrganizationKind! regionCode: String creditCode: String!
    agreements(first: Int = 20): AgreementConnection!
  }
  type CooperationItem {
    id: ID! title: String! dueOn: Date! status: ItemStatus! target: BigInt actual: BigInt
    responsible: Organization
  }
  enum RecruitmentEventStatus { DRAFT SUBMITTED PUBLISHED CHECK_IN_OPEN RUNNING CLOSED REPORTED CANCELLED }
  enum PositionFamily {
    RESEARCH_AND_DEVELOPMENT ENGINEERING PRODUCTION QUALITY ACCOUNTING INFORMATION_TECHNOLOGY SALES LOGISTICS
    ADMINISTRATION OTHER
  }
  enum ApplicationStatus {
    SUBMITTED SHORTLISTED INVITED INTERVIEWED INTENTION IN_NEGOTIATION OFFERED ACCEPTED SIGNED ONBOARDED REJECTED WITHDRAWN
    NO_SHOW DECLINED LAPSED
  }
  enum TalentFunnelStage { ATTENDED INTERVIEWED INTENTION OFFERED ACCEPTED SIGNED ONBOARDED RETAINED }
  type RecruitmentEventConnection { nodes: [RecruitmentEvent!]! pageInfo: PageInfo! }
  type PositionConnection { nodes: [Position!]! pageInfo: PageInfo! }
  type ApplicationConnection { nodes: [Application!]! pageInfo: PageInfo! }
  type RecruitmentEvent {
    id: ID! title: String! startsAt: DateTime! status: RecruitmentEventStatus!
    positions(first: Int = 20): PositionConnection!
  }
  type Position {
    id: ID! title: String! family: PositionFamily!
    applications(first: Int = 20): ApplicationConnection!
  }
  type Application { id: ID! status: ApplicationStatus! letter: String university: Organization }
  type TalentFunnel { stages: [TalentFunnelCount!]! }
  type TalentFunnelCount {
    stage: TalentFunnelStage! students: Int ofPrevious: TalentFunnelRate ofFirst: TalentFunnelRate
  }
  type TalentFunnelRate { students: Int! of: Int! }
  type AgreementCount { county: Organization status: AgreementStatus! count: Int! }
`;

const AGREEMENT = `id, number, title, status, starts_on AS "startsOn", ends_on AS "endsOn"`;
const ORGANIZATION = `id, name, kind, region_code AS "regionCode", credit_code AS "creditCode"`;
const ITEM = `id, title, due_on AS "dueOn", status, target, actual, responsible_id AS "responsibleId"`;

const APPLICATION = `id, status, letter, university_id AS "universityId"`;
const STAGES = ["ATTENDED", "INTERVIEWED", "INTENTION", "OFFERED", "ACCEPTED", "SIGNED", "ONBOARDED", "RETAINED"];

const students = (of) => `ARRAY[${STAGES.map((_, at) => `count(*) FILTER (WHERE ${of(at)})`)}]::int[]`;

// How far each student got, and how many students reached each stage; of them, the stage before and the first.
const FUNNEL = `
  SELECT ${students((at) => `s${at}`)} AS reached,
    ${students((at) => `s${at} AND s${Math.max(at - 1, 0)}`)} AS previous, ${students((at) => `s${at} AND s0`)} AS first
  FROM (
    SELECT attended.student_id IS NOT NULL AS s0, s1, s2, s3, s4, s5, s6, s7
    FROM (
      SELECT DISTINCT student_id FROM event_registration WHERE event_id = $1 AND checked_in_at <= now()
    ) attended FULL JOIN (
      SELECT a.student_id, bool_or(a.interviewed_at <= now()) AS s1, bool_or(a.intention_confirmed_at <= now()) AS s2,
        bool_or(a.offered_at <= now()) AS s3, bool_or(a.accepted_at <= now()) AS s4, bool_or(e.created_at <= now()) AS s5,
        bool_or(a.onboarded_at <= now()) AS s6, bool_or(c.updated_at <= now()) AS s7
      FROM application a
      LEFT JOIN employment_record e ON e.application_id = a.id
      LEFT JOIN retention_check c ON c.record_id = e.id AND c.status = 'RETAINED'
      WHERE a.event_id = $1 AND a.interviewed_at <= now()
      GROUP BY a.student_id
    ) applied ON applied.student_id = attended.student_id
  ) AS student`;

const funnel = ({ reached, previous, first }) => {
  const rate = (at, students, of) => (at > 0 && of > 0 ? { students, of } : null);
  const stages = STAGES.map((stage, at) => ({
    stage,
    students: reached[at],
    ofPrevious: rate(at, previous[at], reached[at - 1]),
    ofFirst: rate(at, first[at], reached[0]),
  }));
  return { stages };
};

const byKey = (keys, rows) => {
  const found = new Map(rows.map((row) => [row.id, row]));
  return keys.map((key) => found.get(key) ?? null);
};

const grouped = (keys, rows) => {
  const groups = new Map(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(row.parent).push(row);
  return keys.map((key) => groups.get(key));
};

// A page of each parent: one row more than asked for says whether there are others.
const paged = (name, text) => {
  const loaders = new Map();
  return (first) => {
    if (!loaders.has(first)) {
      const load = async (keys) => grouped(keys, await query(name, text, [keys, first + 1]));
      loaders.set(first, new DataLoader(load));
    }
    return loaders.get(first);
  };
};

const loaders = () => ({
  organization: new DataLoader(async (keys) =>
    byKey(keys, await query("organization", `SELECT ${ORGANIZATION} FROM organization WHERE id = ANY($1)`, [keys])),
  ),
  parties: new DataLoader(async (keys) =>
    grouped(
      keys,
      await query(
        "parties",
        `SELECT agreement_id AS parent, capacity, role, organization_id AS "organizationId"
         FROM agreement_party WHERE agreement_id = ANY($1) ORDER BY position`,
        [keys],
      ),
    ),
  ),
  items: paged(
    "items",
    `SELECT parent, page.* FROM unnest($1::uuid[]) AS parent CROSS JOIN LATERAL (
       SELECT ${ITEM} FROM cooperation_item WHERE agreement_id = parent ORDER BY due_on, id LIMIT $2) AS page`,
  ),
  positions: paged(
    "positions",
    `SELECT parent, page.* FROM unnest($1::uuid[]) AS parent CROSS JOIN LATERAL (
       SELECT id, title, family FROM job_position WHERE event_id = parent ORDER BY id LIMIT $2) AS page`,
  ),
  applications: paged(
    "applications",
    `SELECT parent, page.* FROM unnest($1::uuid[]) AS parent CROSS JOIN LATERAL (
       SELECT ${APPLICATION} FROM application WHERE position_id = parent ORDER BY id LIMIT $2) AS page`,
  ),
  agreementsOf: paged(
    "agreementsOf",
    `SELECT parent, page.* FROM unnest($1::uuid[]) AS parent CROSS JOIN LATERAL (
       SELECT a.id, a.number, a.title, a.status, a.starts_on AS "startsOn", a.ends_on AS "endsOn"
       FROM agreement_party p JOIN agreement a ON a.id = p.agreement_id
       WHERE p.organization_id = parent ORDER BY p.agreement_id LIMIT $2) AS page`,
  ),
});

const connection = (rows, first) => {
  const nodes = rows.slice(0, first);
  return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor: nodes.at(-1)?.id ?? null } };
};

const resolvers = {
  Query: {
    agreement: async (_, { id }) => (await query("agreement", `SELECT ${AGREEMENT} FROM agreement WHERE id = $1`, [id]))[0],
    agreements: async (_, { first }) =>
      connection(await query("agreements", `SELECT ${AGREEMENT} FROM agreement ORDER BY id LIMIT $1`, [first + 1]), first),
    organizations: async (_, { first, filter }) => {
      const text = `SELECT ${ORGANIZATION} FROM organization WHERE $1::text[] IS NULL OR kind = ANY($1) ORDER BY id LIMIT $2`;
      return connection(await query("organizations", text, [filter?.kind?.in ?? null, first + 1]), first);
    },
    agreementCounts: () =>
      query(
        "agreementCounts",
        `SELECT county_id AS "countyId", status, count(*)::int AS count
         FROM agreement GROUP BY county_id, status ORDER BY county_id, status`,
      ),
    recruitmentEvents: async (_, { first }) => {
      const text = `SELECT id, title, starts_at AS "startsAt", status FROM recruitment_event ORDER BY id LIMIT $1`;
      return connection(await query("recruitmentEvents", text, [first + 1]), first);
    },
    talentFunnel: async (_, { filter }) => funnel((await query("talentFunnel", FUNNEL, [filter.eventId]))[0]),
  },
  Mutation: {
    cooperationItemCreate: async (_, { input }) => {
      const text = `INSERT INTO cooperation_item
          (id, agreement_id, title, responsible_id, due_on, first_due_on, status, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $5, 'PLANNED', 1, now(), now()) RETURNING ${ITEM}`;
      const values = [randomUUID(), input.agreementId, input.title, input.responsibleId, input.dueOn];
      return (await query("create", text, values))[0];
    },
    applicationSubmit: async (_, { input }) => {
      const text = `INSERT INTO application
          (id, position_id, organization_id, student_id, university_id, resume_id, letter, status, version, created_at, updated_at)
        SELECT $1, p.id, p.organization_id, r.student_id, r.university_id, r.id, $4, 'SUBMITTED', 1, now(), now()
        FROM job_position p, resume r WHERE p.id = $2 AND r.student_id = $3 RETURNING ${APPLICATION}`;
      return (await query("submit", text, [randomUUID(), input.positionId, input.studentId, input.letter]))[0];
    },
  },
  Agreement: {
    parties: ({ id }, _, { load }) => load.parties.load(id),
    items: async ({ id }, { first }, { load }) => connection(await load.items(first).load(id), first),
  },
  AgreementParty: {
    organization: ({ organizationId }, _, { load }) => load.organization.load(organizationId),
  },
  Organization: {
    agreements: async ({ id }, { first }, { load }) => connection(await load.agreementsOf(first).load(id), first),
  },
  CooperationItem: {
    responsible: ({ responsibleId }, _, { load }) => load.organization.load(responsibleId),
  },
  RecruitmentEvent: {
    positions: async ({ id }, { first }, { load }) => connection(await load.positions(first).load(id), first),
  },
  Position: {
    applications: async ({ id }, { first }, { load }) => connection(await load.applications(first).load(id), first),
  },
  Application: {
    university: ({ universityId }, _, { load }) => load.organization.load(universityId),
  },
  AgreementCount: {
    county: ({ countyId }, _, { load }) => load.organization.load(countyId),
  },
};

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context: () => ({ load: loaders() }),
  // Documents that were sent before are neither parsed nor checked again.
  parserAndValidationCache: true,
  graphiql: false,
  landingPage: false,
  logging: false,
});

createServer(yoga).listen(Number(port), host, () => console.log(`Yoga is at http://${process.env.LISTEN}`));
