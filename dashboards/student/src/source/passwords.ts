/** Passwords of PDFs that were typed here: the file is stored as it was uploaded, so showing it needs them again. */
const known = new Map<string, string>();

/** Keeps a password until the page is closed. */
export function remember(document: string, password: string): void {
  known.set(document, password);
}

export const passwordOf = (document: string): string | undefined => known.get(document);
