/** What students read where an admin wrote nothing: the API's own sentences (`api/src/gate.rs`). */
export const USUAL = {
  soft: "Some features are temporarily unavailable. Chat and core features still work.",
  hard: "We're currently performing maintenance. Please check back soon.",
} as const;

export type Closed = keyof typeof USUAL;

/** What the student app says of a feature that is closed, where an admin wrote nothing. */
export const USUAL_FEATURE = "This is temporarily unavailable.";

export const LEVELS: Record<Closed, { label: string; hint: string }> = {
  soft: {
    label: "Soft",
    hint: "A banner for everybody. PDFs and images are paused; chat and the others go on.",
  },
  hard: {
    label: "Hard",
    hint: "A lock screen for all students. Only admins come in.",
  },
};

export const SOURCES: Record<string, string> = {
  automatic: "by itself",
  admin: "by an admin",
  window: "as planned",
};
