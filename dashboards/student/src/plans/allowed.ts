/** What students are invited to, which is never what their plan has none of. */
import type { Usage } from "@medai/client";
import { PLAN_NAMES, planWith } from "./plans.ts";

type Files = "pdf" | "image";

const THINGS: Record<string, string> = {
  pdf: "PDFs",
  image: "images",
  mcq: "MCQs",
  flashcard: "flashcards",
  tokens: "tokens",
  requests: "questions",
};

/** Whether the plan has none of it. As long as that is not known it is not said. */
export const hasNone = (usage: Usage | undefined, feature: Files): boolean =>
  usage?.features[feature]?.limit === 0;

/** `PDFs come with the Student plan.` */
export function comesWith(things: string, feature: string): string {
  const plan = planWith(feature);
  const where = plan ? `come with the ${PLAN_NAMES[plan]} plan` : "are in no plan at the moment";
  return `${things.charAt(0).toUpperCase()}${things.slice(1)} ${where}.`;
}

/** The same of a feature by the API's name for it. */
export const inWords = (feature: string): string => comesWith(THINGS[feature] ?? "this", feature);

/** What is said where files can be added. */
export function uploadsOf(usage: Usage | undefined): { label: string; words: string; none: boolean } {
  const [noPdf, noImage] = [hasNone(usage, "pdf"), hasNone(usage, "image")];
  if (noPdf && noImage)
    return {
      label: "PDFs and images: not in your plan",
      words: comesWith("PDFs and images", "pdf"),
      none: true,
    };
  if (noPdf) return { label: "Add images", words: "Images go to your question", none: false };
  if (noImage) return { label: "Add PDFs", words: "PDFs go to your documents", none: false };
  return {
    label: "Add PDFs or images",
    words: "PDFs go to your documents, images to your question",
    none: false,
  };
}
