/** What an import's last event says. Whatever it does not say is not shown. */

export interface Imported {
  made?: number;
  updated?: number;
  decks?: number;
  leftOut?: number;
  /** What could not be mapped, in words. */
  notes: string[];
}

const MOST_NOTES = 10;

export function importedOf(ending: unknown): Imported {
  const data = typeof ending === "object" && ending !== null ? (ending as Record<string, unknown>) : {};
  const inner = data.imported ?? data.result ?? data;
  const found = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
  const count = (...names: string[]): number | undefined => {
    for (const name of names) {
      const value = found[name];
      if (typeof value === "number" && value >= 0) return value;
    }
    return undefined;
  };
  const made = count("notes_created", "created", "notes");
  const updated = count("notes_updated", "updated");
  const decks = count("decks");
  const leftOut = count("media_left_out", "left_out");
  const notes = Array.isArray(found.warnings) ? found.warnings : [];
  return {
    ...(made !== undefined && { made }),
    ...(updated !== undefined && { updated }),
    ...(decks !== undefined && { decks }),
    ...(leftOut !== undefined && { leftOut }),
    notes: notes.filter((each): each is string => typeof each === "string").slice(0, MOST_NOTES),
  };
}
