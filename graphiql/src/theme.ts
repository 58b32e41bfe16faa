// The editors: colours that go with style.css, and the reader's own monospace font in place of a downloaded one.

import * as monaco from "monaco-graphql/esm/monaco-editor.js";

export const THEMES = { light: "hezuo-light", dark: "hezuo-dark" };

const MONO =
  'ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "DejaVu Sans Mono", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", monospace';

type Palette = Record<"paper" | "ink" | "muted" | "keyword" | "field" | "type" | "argument" | "text" | "number" | "comment" | "accent", string>;

const LIGHT: Palette = {
  paper: "ffffff", ink: "2b3648", muted: "9aa5b5", keyword: "9c3328", field: "1d4f91", type: "7a5a10",
  argument: "5b4b9a", text: "2e6b4f", number: "8a4b08", comment: "7b8798", accent: "1d5a96",
};
const DARK: Palette = {
  paper: "1e2430", ink: "d3dae6", muted: "667288", keyword: "ef9a8c", field: "8fc1f5", type: "e3c078",
  argument: "bdb0f2", text: "93d0ae", number: "eab676", comment: "7d8aa0", accent: "84bdf2",
};

export function defineThemes(): void {
  define(THEMES.light, "vs", LIGHT);
  define(THEMES.dark, "vs-dark", DARK);
  // GraphiQL gives its editors no options of ours.
  const options: monaco.editor.IEditorOptions = { fontFamily: MONO, fontSize: 13.5, lineHeight: 21, wordWrap: "on" };
  monaco.editor.onDidCreateEditor((editor) => editor.updateOptions(options));
}

function define(name: string, base: monaco.editor.BuiltinTheme, p: Palette): void {
  const clear = "#ffffff00";
  monaco.editor.defineTheme(name, {
    base,
    inherit: true,
    rules: [
      { token: "", foreground: p.ink },
      { token: "keyword", foreground: p.keyword },
      { token: "type.identifier.gql", foreground: p.type },
      { token: "key.identifier.gql", foreground: p.field },
      { token: "argument.identifier.gql", foreground: p.argument },
      { token: "annotation", foreground: p.argument },
      { token: "string", foreground: p.text },
      { token: "string.key.json", foreground: p.field },
      { token: "string.value.json", foreground: p.text },
      { token: "number", foreground: p.number },
      { token: "comment", foreground: p.comment },
    ],
    colors: {
      "editor.background": clear,
      "scrollbar.shadow": clear,
      "editorLineNumber.foreground": `#${p.muted}`,
      "editorLineNumber.activeForeground": `#${p.ink}`,
      "editorBracketHighlight.foreground1": `#${p.ink}`,
      "editorBracketHighlight.foreground2": `#${p.ink}`,
      "editorBracketHighlight.foreground3": `#${p.ink}`,
      "editorHoverWidget.background": `#${p.paper}`,
      "editorSuggestWidget.background": `#${p.paper}`,
      "editorSuggestWidget.selectedBackground": `#${p.accent}22`,
      "editorSuggestWidget.selectedForeground": `#${p.accent}`,
      "editorWidget.background": `#${p.paper}`,
      "menu.background": `#${p.paper}`,
      "menu.selectionBackground": `#${p.accent}22`,
      "menu.selectionForeground": `#${p.accent}`,
      "quickInput.background": `#${p.paper}`,
      "quickInputList.focusBackground": `#${p.accent}22`,
      "quickInputList.focusForeground": `#${p.ink}`,
      "list.hoverBackground": `#${p.accent}18`,
      "list.highlightForeground": `#${p.accent}`,
      "list.focusHighlightForeground": `#${p.accent}`,
      "textLink.foreground": `#${p.accent}`,
      "textLink.activeForeground": `#${p.accent}`,
      "editorLink.activeForeground": `#${p.accent}`,
      focusBorder: `#${p.accent}`,
    },
  });
}
