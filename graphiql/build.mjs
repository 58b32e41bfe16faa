// Builds the page into src/http/graphiql: index.html, and every asset compressed. Run twice, it writes the same bytes.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { gzipSync } from "fflate";
import { licences } from "./licences.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/http/graphiql");

const result = await build({
  absWorkingDir: here,
  entryPoints: {
    app: "src/main.tsx",
    "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
    "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
    "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
  },
  outdir: "out",
  write: false,
  metafile: true,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none", // They are in THIRD-PARTY-LICENSES.txt.
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".ttf": "dataurl" },
  // One graphql for all: the explorer requires it, the rest imports it, and two copies refuse each other's schemas.
  mainFields: ["browser", "module", "main"],
  plugins: [{ name: "stand-ins", setup: standIns }],
  logLevel: "warning",
});

/** What is left out of the packages, and what stands in its place: see src/monaco.ts and src/prettier.ts. */
function standIns({ onResolve, onLoad }) {
  const ours = (path) => () => ({ path: join(here, "src", path) });
  onResolve({ filter: /edcore\.main(\.js)?$/ }, ours("monaco.ts"));
  onResolve({ filter: /^prettier\/standalone$/ }, ({ importer }) =>
    importer.endsWith("GraphQLWorker.js") ? { path: "nothing", namespace: "nothing" } : { path: join(here, "src/prettier.ts") },
  );
  onResolve({ filter: /^prettier-standalone$/ }, () => ({ path: join(here, "node_modules/prettier/standalone.mjs") }));
  onResolve({ filter: /^prettier\/(parser-babel|parser-graphql|plugins\/estree)$/ }, () => ({ path: "nothing", namespace: "nothing" }));
  onLoad({ filter: /./, namespace: "nothing" }, () => ({ contents: "export const parsers = {}, printers = {};" }));
}

const assets = new Map(result.outputFiles.map(({ path, contents }) => [relative(join(here, "out"), path), contents]));
assets.set("favicon.svg", readFileSync(join(here, "src/favicon.svg")));
assets.set("THIRD-PARTY-LICENSES.txt", Buffer.from(licences(here, Object.keys(result.metafile.inputs))));

mkdirSync(out, { recursive: true });
for (const old of readdirSync(out)) if (old.endsWith(".gz")) rmSync(join(out, old));
writeFileSync(join(out, "index.html"), readFileSync(join(here, "src/index.html")));
let total = 0;
for (const [name, contents] of [...assets].sort(([a], [b]) => (a < b ? -1 : 1))) {
  // fflate and not node:zlib, whose output depends on the version and the processor.
  const packed = gzipSync(contents, { level: 9, mtime: 0 });
  writeFileSync(join(out, `${name}.gz`), packed);
  total += packed.length;
  console.log(`${name.padEnd(26)} ${String(contents.length).padStart(9)} -> ${String(packed.length).padStart(8)}`);
}
console.log(`${"all, compressed".padEnd(26)} ${String(total).padStart(21)}`);
if (process.env.META) writeFileSync(process.env.META, JSON.stringify(result.metafile));
