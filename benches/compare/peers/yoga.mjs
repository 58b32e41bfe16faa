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
  type Query {
    agreement(id: ID!): Agreement
    agreements(first: Int = 20): AgreementConnection!
    organizations(first: Int = 20, filter: OrganizationFilter): OrganizationConnection!
    agreementCounts: [AgreementCount!]!
  }
  type Mutation {
    cooperationItemCreate(input: CooperationItemCreateInput!): CooperationItem
  }
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
  type AgreementCount { county: Organization status: AgreementStatus! count: Int! }
`;

const AGREEMENT = `id, number, title, status, starts_on AS "startsOn", ends_on AS "endsOn"`;
const ORGANIZATION = `id, name, kind, region_code AS "regionCode", credit_code AS "creditCode"`;
const ITEM = `id, title, due_on AS "dueOn", status, target, actual, responsible_id AS "responsibleId"`;

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
  },
  Mutation: {
    cooperationItemCreate: async (_, { input }) => {
      const text = `INSERT INTO cooperation_item
          (id, agreement_id, title, responsible_id, due_on, first_due_on, status, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $5, 'PLANNED', 1, now(), now()) RETURNING ${ITEM}`;
      const values = [randomUUID(), input.agreementId, input.title, input.responsibleId, input.dueOn];
      return (await query("create", text, values))[0];
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
