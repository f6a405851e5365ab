import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Graph } from "../result_types.ts";

/** What the API calls the kinds of nodes. */
const NAMES: Record<string, MessageDescriptor> = {
  concept: msg`concept`,
  cause: msg`cause`,
  mechanism: msg`mechanism`,
  finding: msg`finding`,
  test: msg`test`,
  treatment: msg`treatment`,
  other: msg`other`,
};

/** A kind in the reader’s language; what is not known here is shown as it is stored. */
export function kindName(kind: string): string {
  const name = NAMES[kind];
  return name ? i18n._(name) : kind;
}

/** A map whose nodes say what they are in the reader’s language. */
export const withKindNames = ({ nodes, edges }: Graph): Graph => ({
  nodes: nodes.map((node) => ({ ...node, kind: kindName(node.kind) })),
  edges,
});
