import { t } from "@lingui/core/macro";
import type { Citation } from "@medai/client";
import { number } from "@medai/ui";

/** What is known of a page or passage: how it is called, and whether it may have been read wrong. */
type Known = Partial<Pick<Citation, "check_original" | "recognised" | "changed">>;

/** A page as it is printed, with its place in the file where that is another. */
export function pageOf({ page, label }: { page: number; label?: string | null }): string {
  return label && label !== String(page) ? t`${label} (${number(page)} of the file)` : number(page);
}

/** Why the original is to be checked; undefined where it need not be. */
export function doubtOf({ check_original, recognised, changed }: Known): string | undefined {
  if (!check_original) return undefined;
  if (changed)
    return t`This document was read again after the answer was written, and the passage is not there any more as it was.`;
  if (recognised)
    return t`This is recognised text, from an image of the page. Numbers, units and signs may be wrong.`;
  return t`Numbers, units and signs of this page could not be verified.`;
}
