import type { Feature } from "@medai/client";

/** Those that students use, in the guide's order. */
export const STUDENT_FEATURES = [
  "chat",
  "flashcard",
  "mcq",
  "highyield",
  "explain",
  "map",
  "pdf",
  "image",
  "clinical",
  "osce",
  "planner",
] as const satisfies readonly Feature[];

export type StudentFeature = (typeof STUDENT_FEATURES)[number];

/** What a student does with it. */
export const USES: Record<StudentFeature, string> = {
  chat: "Questions to the tutor. Everything else is reached through it.",
  flashcard: "Decks made with /flashcard.",
  mcq: "Practice questions made with /mcq.",
  highyield: "Summaries made with /highyield.",
  explain: "Longer explanations made with /explain.",
  map: "Concept maps made with /map.",
  pdf: "Adding PDFs, and having them read. What was read before can still be searched and cited.",
  image: "Pictures that go with a question.",
  clinical: "Clinical cases to reason through.",
  osce: "Stations of a practical exam.",
  planner: "Study plans.",
};

/** As the API names it in sentences to students. */
export function label(feature: Feature): string {
  return { mcq: "MCQ", pdf: "PDF", osce: "OSCE" }[feature as string] ?? feature;
}
