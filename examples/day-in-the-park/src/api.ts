// A client in sixty lines: whoever is signed in, asking with generated documents. What is asked decides the types of
// variables and answer; what cannot be put right is thrown.

import { createClient } from "graphql-sse";
import type { TypedDocumentString } from "./gql/graphql.js";

/** Where the API is, and what is written of requests that failed. */
export class Api {
  private constructor(
    private readonly site: string,
    private readonly token?: string,
  ) {}

  static at(site: string): Api {
    return new Api(site);
  }

  as(token: string): Api {
    return new Api(this.site, token);
  }

  private headers(): Record<string, string> {
    return this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
  }

  /** The answer's data. */
  async ask<Answer, Variables>(document: TypedDocumentString<Answer, Variables>, variables: Variables): Promise<Answer> {
    const query = document.toString();
    const response = await fetch(`${this.site}/graphql`, {
      method: "POST",
      headers: { ...this.headers(), "content-type": "application/json", "accept-language": "en" },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Answer; errors?: unknown[] };
    if (!data || errors) throw new Error(`${query.slice(0, 60)}…: ${response.status} ${JSON.stringify(errors)}`);
    return data;
  }

  /** Every answer of a subscription, until it is left. */
  async *listen<Answer, Variables extends Record<string, unknown>>(
    document: TypedDocumentString<Answer, Variables>,
    variables: Variables,
  ): AsyncGenerator<Answer> {
    const client = createClient({ url: `${this.site}/graphql`, headers: this.headers() });
    try {
      for await (const { data, errors } of client.iterate<Answer>({ query: document.toString(), variables })) {
        if (!data || errors) throw new Error(JSON.stringify(errors));
        yield data;
      }
    } finally {
      client.dispose();
    }
  }
}

interface Payload<Result> {
  result?: Result | null;
  userErrors: { code: string; message: string; path: string[] }[];
}

/** What a mutation made, or everything that its user can put right. */
export function made<Result>(payload: Payload<Result> | null | undefined): Result {
  if (!payload?.result) throw new Error(JSON.stringify(payload?.userErrors));
  return payload.result;
}
