import type { Citation } from "@medai/client";

/** A passage that is cited, and what is quoted of it. */
export type Cited = Citation & { quotes?: readonly string[] };
