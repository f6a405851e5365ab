import type { components, paths } from "@medai/client";

export type JobState = components["schemas"]["JobState"];

/** A state, or all that failed: given up, or come to an end that was an error. */
export type StateFilter = Exclude<JobState, "discarded"> | "failed";

/** What the list is narrowed by; all of it is in the page's address. */
export interface JobFilters {
  state?: StateFilter | undefined;
  queue?: string | undefined;
  name?: string | undefined;
  user?: string | undefined;
  q?: string | undefined;
  /** With what nobody asked for: housekeeping, and tests of keys. */
  all?: true | undefined;
}

type JobsQuery = NonNullable<paths["/api/admin/jobs"]["get"]["parameters"]["query"]>;

/** The states, in the order of a job's life, and what they are called. */
export const STATES: readonly (readonly [StateFilter, string])[] = [
  ["scheduled", "Scheduled"],
  ["ready", "Waiting"],
  ["running", "Running"],
  ["done", "Done"],
  ["failed", "Failed"],
  ["cancelled", "Cancelled"],
];

export function stateName(state: JobState | StateFilter): string {
  const shown = state === "discarded" ? "failed" : state;
  return STATES.find(([each]) => each === shown)?.[1] ?? state;
}

/** The names that a queue may have. */
export const QUEUES = ["chat", "command", "own_key", "ingest", "probe", "notify", "maintenance"];

/** What of an address is a filter. What is none is left out, so that any address shows a list. */
export function search(given: Record<string, unknown>): JobFilters {
  const found: JobFilters = {};
  for (const field of ["queue", "name", "user", "q"] as const) {
    const text = textOf(given[field]);
    if (text) found[field] = text;
  }
  const state = STATES.find(([state]) => state === given.state)?.[0];
  if (state) found.state = state;
  if (given.all === true) found.all = true;
  // An id that is none would be refused, for all of the list.
  if (found.user && !UUID.test(found.user)) delete found.user;
  return found;
}

/** A filter that was kept: all of it is text there. */
export function readFilter(fields: Record<string, string>): JobFilters {
  return search({ ...fields, all: fields.all === "true" });
}

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The router reads `?q=123` as a number. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.trim() || undefined : undefined;
}

/** With some of it changed; what becomes empty is gone. */
export function changed(filters: JobFilters, change: JobFilters): JobFilters {
  return search({ ...filters, ...change });
}

export function isFiltered(filters: JobFilters): boolean {
  const { all: _, ...narrowing } = search({ ...filters });
  return Object.keys(narrowing).length > 0;
}

/** As the API takes it. Housekeeping is left out, unless it or something of it is asked for. */
export function queryOf(filters: JobFilters): JobsQuery {
  const query: JobsQuery = {};
  const { state, all, ...rest } = filters;
  for (const field of ["queue", "name", "user", "q"] as const) if (rest[field]) query[field] = rest[field];
  if (state === "failed") query.failed = true;
  else if (state) query.state = state;
  if (!all && !rest.queue && !rest.name && !rest.q) query.asked_for = true;
  return query;
}

/** What a filter says, in words. */
export function described(filters: JobFilters): string {
  const state = filters.state ? ` that are ${stateName(filters.state).toLowerCase()}` : "";
  return [
    filters.name ? `${filters.name} jobs` : "jobs",
    state,
    filters.queue ? ` in ${filters.queue}` : "",
    filters.user ? ` of user ${filters.user.slice(-8)}` : "",
    filters.q ? ` that fit “${filters.q}”` : "",
  ].join("");
}
