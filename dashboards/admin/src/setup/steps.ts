import type { KeyView, NewKey } from "../keys/keys.ts";

/** Where a first key may come from. */
export interface Source {
  id: string;
  label: string;
  /** Whose protocol it speaks. */
  provider: NewKey["provider"];
  /** What it costs. */
  costs: string;
  /** Where one gets a key, or the program. */
  where: string;
  base_url?: string;
  model?: string;
}

export const SOURCES: readonly Source[] = [
  {
    id: "gemini",
    label: "Google Gemini",
    provider: "gemini",
    costs: "Free within a daily limit, and without a card. Sees pictures.",
    where: "https://aistudio.google.com/apikey",
  },
  {
    id: "groq",
    label: "Groq",
    provider: "openai",
    costs: "Free within a daily limit, and without a card. Speaks OpenAI’s protocol.",
    where: "https://console.groq.com/keys",
    base_url: "https://api.groq.com/openai",
    model: "llama-3.3-70b-versatile",
  },
  {
    id: "openai",
    label: "OpenAI",
    provider: "openai",
    costs: "Paid by use: a card and credit first, then a fraction of a cent per answer.",
    where: "https://platform.openai.com/api-keys",
  },
  {
    id: "ollama",
    label: "Ollama, on a machine of yours",
    provider: "ollama",
    costs: "Costs nothing but the machine, and needs no key. Slower without a graphics card.",
    where: "https://ollama.com/download",
  },
];

/** Which steps are done, as the pool shows it. */
export interface Steps {
  chosen: boolean;
  works: boolean;
  asked: boolean;
}

const isReal = (key: KeyView) => key.provider !== "demo";

/** Whether the pool can give a real answer. */
export const hasWorkingKey = (keys: readonly KeyView[]): boolean =>
  keys.some((key) => isReal(key) && key.status === "active");

export function stepsOf(keys: readonly KeyView[], chosen: boolean): Steps {
  const works = hasWorkingKey(keys);
  return {
    chosen: chosen || works,
    works,
    asked: works && keys.some((key) => isReal(key) && key.last_success_at != null),
  };
}

/** What this browser remembers of the guide: that it was begun, or put away. */
export type Memory = "begun" | "dismissed" | undefined;

/** Whether the guide is shown without being asked for. */
export function isDue(keys: readonly KeyView[], memory: Memory): boolean {
  if (memory === "dismissed") return false;
  const { works, asked } = stepsOf(keys, false);
  return !works || (memory === "begun" && !asked);
}
