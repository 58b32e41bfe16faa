// Whether schema.graphql suits the tools that frontends are built with. Exit code 0 or 1.
//   node check.mjs            from anywhere; `npm ci` before
//
// 1. graphql-schema-linter and @graphql-eslint: descriptions, names, Relay's connections; root fields are nullable.
// 2. The Relay compiler compiles every example operation.
// 3. GraphQL Code Generator writes TypeScript for schema and operations with strict scalars, and tsc takes it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { codegen } from "@graphql-codegen/core";
import * as operationsPlugin from "@graphql-codegen/typescript-operations";
import * as typesPlugin from "@graphql-codegen/typescript";
import { ESLint } from "eslint";
import { Kind, buildSchema, isNonNullType, isScalarType, isSpecifiedScalarType, parse } from "graphql";
import linter from "graphql-schema-linter";
import configuration from "./eslint.config.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../..");
process.chdir(root);
const OPERATIONS = "examples/operations";
/** What anybody may ask, and what always has an answer. */
const NEVER_REFUSED = new Set([
  "version", "sizeClass", "validateCreditCode", "validateIndustryCode", "validateMajorCode", "validateRegionCode",
  "validateSchoolCode",
]);
const tool = (path) => createRequire(import.meta.url).resolve(path);

const sdl = readFileSync("schema.graphql", "utf8");
const schema = buildSchema(sdl);
const operations = readdirSync(OPERATIONS).filter((file) => file.endsWith(".graphql")).sort();
const documents = operations.map((file) => {
  const text = readFileSync(join(OPERATIONS, file), "utf8");
  return { location: file, rawSDL: text, document: parse(text) };
});

/** graphql-schema-linter's program, for which there is no other way in. */
function lintSchema() {
  const written = [];
  const stream = { write: (text) => written.push(text) };
  const arguments_ = ["node", "graphql-schema-linter", "--format", "compact", "--config-directory", here, "schema.graphql"];
  return linter.runner.run(stream, { fd: -1 }, stream, arguments_).then((code) => (code === 0 ? [] : [written.join("")]));
}

async function eslint() {
  const config = configuration("schema.graphql", `${OPERATIONS}/*.graphql`);
  const engine = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: config });
  const results = await engine.lintFiles(["schema.graphql", OPERATIONS]);
  const seen = results.length - 1;
  if (seen !== operations.length) return [`${seen} operations were read, there are ${operations.length}`];
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, column, message, ruleId }) => `${filePath.slice(root.length + 1)}:${line}:${column} ${message} (${ruleId})`),
  );
}

/** Relay wants each operation in a module of its name, and its kind at the end of the name. */
function relay(folder) {
  mkdirSync(join(folder, "src"));
  mkdirSync(join(folder, "artifacts"));
  writeFileSync(join(folder, "schema.graphql"), sdl);
  for (const { document, rawSDL } of documents) {
    for (const definition of document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)) {
      const { operation, name } = definition;
      const suffix = operation[0].toUpperCase() + operation.slice(1);
      const renamed = rawSDL.replace(`${operation} ${name.value}`, `${operation} ${name.value}${suffix}`);
      writeFileSync(join(folder, "src", `${name.value}.ts`), `graphql\`${renamed.replaceAll("`", "\\`")}\`;\n`);
    }
  }
  const config = { src: "src", schema: "schema.graphql", artifactDirectory: "artifacts", language: "typescript" };
  writeFileSync(join(folder, "relay.config.json"), JSON.stringify(config));
  execFileSync(process.execPath, [tool("relay-compiler/cli.js"), "--noWatchman"], { cwd: folder, stdio: "pipe" });
  const made = readdirSync(join(folder, "artifacts")).length;
  return made === operations.length ? [] : [`${made} artifacts for ${operations.length} operations`];
}

/** Every scalar of ours travels as a string. */
async function typescript(folder) {
  const own = Object.values(schema.getTypeMap()).filter((type) => isScalarType(type) && !isSpecifiedScalarType(type));
  const scalars = Object.fromEntries(own.map(({ name }) => [name, "string"]));
  const options = { schema: parse(sdl), documents, config: { strictScalars: true, scalars, enumsAsTypes: true } };
  const generate = async (name, plugin) => {
    const text = await codegen({ ...options, filename: `${name}.ts`, plugins: [{ [name]: {} }], pluginMap: { [name]: plugin } });
    writeFileSync(join(folder, `${name}.ts`), text);
    return text;
  };
  await generate("types", typesPlugin);
  const text = await generate("operations", operationsPlugin);
  const flags = ["--strict", "--noEmit", "--target", "es2022", "types.ts", "operations.ts"];
  execFileSync(process.execPath, [tool("typescript/bin/tsc"), ...flags], { cwd: folder, stdio: "pipe" });
  const named = documents.flatMap(({ document }) => document.definitions.map(({ name }) => name.value));
  return named.filter((name) => !text.includes(`export type ${name}`)).map((name) => `no type for ${name}`);
}

/** A refusal of one root field must not take the others with it: only what cannot be refused is non-null. */
function nullability() {
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((root) => Object.values(root.getFields()));
  const refusable = fields.filter(({ type, name }) => isNonNullType(type) && !NEVER_REFUSED.has(name));
  return refusable.map(({ name, type }) => `${name}: ${type} can be refused, so it must be nullable`);
}

const folder = mkdtempSync(join(tmpdir(), "hezuo-schema-"));
let wrong = 0;
try {
  for (const [name, check] of Object.entries({ "graphql-schema-linter": lintSchema, "@graphql-eslint": eslint, nullability, relay, typescript })) {
    let problems;
    try {
      problems = await check(folder);
    } catch (cause) {
      problems = [[cause.message, cause.stdout, cause.stderr].filter(Boolean).join("\n")];
    }
    console.log(`${problems.length === 0 ? "ok   " : "WRONG"} ${name}`);
    for (const problem of problems) console.log(`  ${problem.trim()}`);
    wrong += problems.length;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${operations.length} operations, ${Object.keys(schema.getTypeMap()).length} types, ${wrong} problems`);
process.exit(wrong === 0 ? 0 : 1);
