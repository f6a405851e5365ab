/** What both apps know of the API: its types, a client that keeps its sign-in fresh, and its streams. */
export { api, call, unwrap } from "./api.ts";
export * from "./events/index.ts";
export { Problem } from "./problem.ts";
export type { components, paths } from "./schema.gen.ts";
export { ensureFresh, mayBeSignedIn, withSession } from "./session.ts";
export { type SignInSearch, signInFirst, signInSearch } from "./sign_in_search.ts";
export * from "./types.ts";
export { upload } from "./upload.ts";
