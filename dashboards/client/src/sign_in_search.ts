/** What the address of the page to sign in says: where to go on afterwards, and why one is there. */
export interface SignInSearch {
  /** A page of this app. */
  next?: string | undefined;
  /** The session has ended by itself. */
  ended?: true | undefined;
}

/** Of what stands in the address. Anybody can make a link to it, so it leads to pages of ours only. */
export const signInSearch = (search: Record<string, unknown>): SignInSearch => ({
  // A page of ours, and not another site's that looks like one.
  next: typeof search.next === "string" && /^\/(?![/\\])/.test(search.next) ? search.next : undefined,
  ended: search.ended === true ? true : undefined,
});

/** For whoever came to a page and has to sign in first: the start is where everybody goes on anyway. */
export const signInFirst = (href: string): SignInSearch => ({ next: href === "/" ? undefined : href });
