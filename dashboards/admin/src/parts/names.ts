/** What things are called for people. What is not known here is shown as it is stored. */
import type { Feature } from "@medai/client";
import type { QUEUE_NAMES } from "@medai/client/names";

const FEATURES: Record<Feature, string> = {
  chat: "Chat",
  flashcard: "Flashcards",
  mcq: "MCQs",
  highyield: "High-yield",
  explain: "Explanations",
  map: "Concept maps",
  pdf: "PDFs",
  image: "Images",
  clinical: "Clinical cases",
  osce: "OSCE",
  planner: "Study planner",
  embedding: "Embeddings",
};

/** A feature; `*` is any. */
export function featureName(feature: string): string {
  if (feature === "*") return "Any feature";
  return feature in FEATURES ? FEATURES[feature as Feature] : feature;
}

/** All features that keys can be kept for. */
export const FEATURE_NAMES: [Feature, string][] = Object.entries(FEATURES) as [Feature, string][];

export { providerName } from "@medai/client/providers";

const QUEUES: Record<(typeof QUEUE_NAMES)[number], string> = {
  chat: "Questions of students",
  command: "Slash commands",
  own_key: "Questions to students’ own keys",
  ingest: "Documents that are read",
  probe: "Key tests",
  notify: "E-mails, webhooks, SMS",
  maintenance: "Housekeeping",
};
/** What a queue carries. */
export const queueCarries = (queue: string): string | undefined =>
  queue in QUEUES ? QUEUES[queue as keyof typeof QUEUES] : undefined;

const CLASSES: Record<string, string> = {
  credential: "Key refused",
  invalid_key: "Key refused",
  quota: "Quota used up",
  rate: "Too many at once",
  rate_limited: "Too many at once",
  overload: "Provider down or overloaded",
  caller: "Request refused",
  refusal: "Request refused",
  withheld: "Answer withheld",
  empty_by_length: "Length used up before a word",
  timeout: "Timed out",
  exhausted: "No key was left",
  truncated: "Cut short",
  blocked: "Blocked by the provider",
  refused: "Refused",
  not_tried: "Not tried",
};
/** A class of errors. */
export const className = (kind: string): string => CLASSES[kind] ?? words(kind);

const LESSONS: Record<string, string> = {
  vision: "can’t look at pictures",
  system_text: "takes no system text",
  schema: "answers under no schema",
};
const AMOUNTS: Record<string, (amount: string) => string> = {
  batch: (amount) => `takes ${amount} texts at a time`,
  context: (amount) => `takes prompts of ${amount} tokens`,
  output: (amount) => `answers with ${amount} tokens at most`,
  thoughts: (amount) => `thinks for about ${amount} tokens`,
};
/** What an endpoint has shown. */
export function lessonName(lesson: string, amount?: number | null): string {
  const field = lesson.startsWith("field:") && lesson.slice("field:".length);
  if (field) return `refuses ${words(field).toLowerCase()}`;
  if (amount != null) return AMOUNTS[lesson]?.(amount.toLocaleString("en")) ?? words(lesson);
  return LESSONS[lesson] ?? words(lesson);
}

/** `queue_stalled` → `Queue stalled` */
export function words(name: string): string {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
