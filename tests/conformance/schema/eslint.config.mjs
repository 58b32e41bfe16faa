// What @graphql-eslint holds the schema and the example operations to. Alphabetical rules are left out: fields stand in
// the order in which people read them, enum values in the order of the lifecycle.

import graphql from "@graphql-eslint/eslint-plugin";

const schema = {
  "relay-arguments": ["error", { includeBoth: true }],
  "relay-connection-types": "error",
  // Lists without pages have a declared maximum.
  "relay-edge-types": ["error", { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
  "relay-page-info": "error",
  "no-hashtag-description": "error",
  "no-unreachable-types": "error",
  "require-deprecation-reason": "error",
  "require-description": [
    "error",
    {
      types: true,
      FieldDefinition: true,
      EnumValueDefinition: true,
      InputValueDefinition: true,
      // The specification's own: @skip, @include, @specifiedBy.
      ignoredSelectors: ["InputValueDefinition[parent.kind=DirectiveDefinition]"],
    },
  ],
  "unique-enum-value-names": "error",
  "naming-convention": [
    "error",
    {
      types: "PascalCase",
      FieldDefinition: "camelCase",
      InputValueDefinition: "camelCase",
      Argument: "camelCase",
      DirectiveDefinition: "camelCase",
      EnumValueDefinition: "UPPER_CASE",
    },
  ],
};

const operations = {
  ...graphql.configs["flat/operations-recommended"].rules,
  "@graphql-eslint/no-deprecated": "error",
  // Examples are for reading; Relay adds the ids by itself, and other clients' tools do.
  "@graphql-eslint/require-selections": "off",
};

const prefixed = (rules) => Object.fromEntries(Object.entries(rules).map(([name, rule]) => [`@graphql-eslint/${name}`, rule]));

/** The configuration for one schema file and the operations that use it, from the project's root. */
export default (schemaFile, operationsGlob) => [
  {
    files: ["**/*.graphql"],
    plugins: { "@graphql-eslint": graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: schemaFile, documents: operationsGlob } },
    },
  },
  { files: ["**/schema.graphql"], rules: prefixed(schema) },
  { files: [operationsGlob], rules: operations },
];
