import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { Bar } from "./bar";
import { type Config, loadConfig } from "./config";
import { fetcher } from "./fetcher";
import { defineThemes, THEMES } from "./theme";
import "./style.css";

const WORKERS: Record<string, string> = { json: "json.worker.js", graphql: "graphql.worker.js" };

(globalThis as { MonacoEnvironment?: unknown }).MonacoEnvironment = {
  getWorker: (_id: string, label: string) =>
    new Worker(`/graphiql/assets/${WORKERS[label] ?? "editor.worker.js"}`, { name: label }),
};

const WELCOME = `# Hezuo 合作
#
# Write an operation here and run it with Ctrl-Enter. The explorer on the left builds one by clicking.
# 在此编写操作，按 Ctrl-Enter 运行；左侧的 Explorer 可以点选字段来生成操作。

query Welcome {
  __typename
}
`;

const PLUGINS = [HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];

function Page({ config }: { config: Config }) {
  const tabs = config.tabs.map(({ query, variables }) => ({ query, variables, headers: null }));
  const hasVariables = tabs.some((tab) => tab.variables);
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={PLUGINS}
      defaultQuery={WELCOME}
      defaultTabs={tabs.length > 0 ? tabs : undefined}
      defaultEditorToolsVisibility={hasVariables ? "variables" : undefined}
      inputValueDeprecation
      schemaDescription
      editorTheme={THEMES}
    >
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
      <Bar config={config} />
    </GraphiQL>
  );
}

/** GraphiQL takes the first tab's query from its default tabs, but its variables only from what it stored. */
function storeFirstTab({ tabs: [first] }: Config): void {
  if (!first || localStorage.getItem("graphiql:tabState") !== null) return;
  localStorage.setItem("graphiql:query", first.query);
  localStorage.setItem("graphiql:variables", first.variables ?? "");
}

defineThemes();
void loadConfig().then((config) => {
  storeFirstTab(config);
  createRoot(document.getElementById("graphiql")!).render(<Page config={config} />);
});
