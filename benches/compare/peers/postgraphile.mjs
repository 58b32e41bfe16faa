// PostGraphile 5 as its documentation sets it up for production, over the same tables: DATABASE_URL, LISTEN, CONNECTIONS.

import { createServer } from "node:http";
import { grafserv } from "postgraphile/grafserv/node";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [host, port] = process.env.LISTEN.split(":");

const preset = {
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
  // Columns in the second place of an index can be ordered by too.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  pgServices: [
    makePgService({
      connectionString: process.env.DATABASE_URL,
      schemas: ["public"],
      poolConfig: { max: Number(process.env.CONNECTIONS) },
    }),
  ],
  grafserv: { graphiql: false, websockets: false, watch: false },
  grafast: { explain: false },
};

const server = createServer();
const serving = postgraphile(preset).createServ(grafserv);
server.on("error", (error) => {
  throw error;
});
await serving.addTo(server);
server.listen(Number(port), host, () => console.log(`PostGraphile is at http://${process.env.LISTEN}`));
