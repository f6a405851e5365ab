const SAFE = /^(https?|mailto|tel)$/i;

/** An address that a link may have: nothing that runs. A reference without a scheme is a place of ours, and leads nowhere. */
export function safeUrl(url: string | undefined): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url ?? "")?.[1];
  return scheme && SAFE.test(scheme) ? url : undefined;
}
