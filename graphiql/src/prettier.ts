// Stands in for prettier/standalone: GraphiQL asks it for two languages. JSON is done by jsonc-parser, which is here
// anyway, so that prettier's JavaScript parser (a third of a megabyte) is not.

import { applyEdits, format as jsonEdits } from "jsonc-parser";
import * as graphql from "prettier/plugins/graphql";
import * as real from "prettier-standalone";

export async function format(text: string, options: { parser: string }): Promise<string> {
  if (options.parser === "graphql") return real.format(text, { parser: "graphql", plugins: [graphql] });
  return applyEdits(text, jsonEdits(text, undefined, { insertSpaces: true, tabSize: 2 }));
}
