// Modules that build.mjs resolves, and monaco's own that have no types.
declare module "prettier-standalone" {
  export * from "prettier/standalone";
}
declare module "monaco-editor/esm/vs/*";
