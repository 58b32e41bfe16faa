// The licences of the packages that a bundle contains, as one text.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const RULE = "-".repeat(100);

export function licences(root, inputs) {
  const packages = new Map();
  for (const input of inputs) {
    const at = input.lastIndexOf("node_modules/");
    if (at < 0) continue;
    const name = /^(@[^/]+\/)?[^/]+/.exec(input.slice(at + 13))[0];
    const folder = join(root, input.slice(0, at + 13), name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    packages.set(`${about.name}@${about.version}`, { folder, about });
  }
  const parts = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, one]) => part(title, one));
  return `The page at /graphiql is built from the ${parts.length} packages below.\n\n${parts.join("\n")}`;
}

function part(title, { folder, about }) {
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice|third-?party-?notices)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  if (texts.length === 0) texts.push(named(about));
  return `${RULE}\n${title}  (${about.license})\n${RULE}\n\n${texts.join("\n\n")}\n`;
}

/** Some packages name their licence without giving its text. */
function named({ name, license, author, contributors = [] }) {
  if (license !== "MIT") throw new Error(`${name}: no licence text, and the licence is ${license}`);
  const people = [author, ...contributors].filter(Boolean).map((one) => (one.name ?? one).replace(/\s*[<(].*$/, ""));
  return MIT.replace("HOLDERS", people.join(", ") || `The authors of ${name}`);
}

const MIT = `Copyright (c) HOLDERS

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
