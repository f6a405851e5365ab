import type { Citation } from "@medai/client";

/** The sources of an answer, as far as they are such. */
export function citationsOf(value: unknown): Citation[] {
  return Array.isArray(value) ? value.filter(isCitation) : [];
}

function isCitation(value: unknown): value is Citation {
  return (
    typeof value === "object" && value !== null && "n" in value && "document_id" in value && "page" in value
  );
}
