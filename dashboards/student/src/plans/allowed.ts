/** What students are invited to, which is never what their plan has none of. */

import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import type { PlanView, Usage } from "@medai/client";
import { planName, planWith } from "./plans.ts";

type Files = "pdf" | "image";

/** They begin a sentence. */
const THINGS: Record<string, MessageDescriptor> = {
  pdf: msg`PDFs`,
  image: msg`Images`,
  mcq: msg`MCQs`,
  flashcard: msg`Flashcards`,
  tokens: msg`Tokens`,
  requests: msg`Questions`,
};

/** Whether the plan has none of it. As long as that is not known it is not said. */
export const hasNone = (usage: Usage | undefined, feature: Files): boolean =>
  usage?.features[feature]?.limit === 0;

/** `PDFs come with the Student plan.` */
export function comesWith(things: string, feature: string, plans: PlanView[] | undefined): string {
  const plan = planWith(plans, feature);
  if (plan) return t`${things} come with the ${planName(plan)} plan.`;
  return plans ? t`${things} are in no plan at the moment.` : t`${things} are not in your plan.`;
}

/** The same of a feature by the API's name for it. */
export const inWords = (feature: string, plans: PlanView[] | undefined): string =>
  comesWith(i18n._(THINGS[feature] ?? msg`Things like this`), feature, plans);

/** What is said where files can be added. */
export function uploadsOf(
  usage: Usage | undefined,
  plans: PlanView[] | undefined,
): { label: string; words: string; none: boolean } {
  const [noPdf, noImage] = [hasNone(usage, "pdf"), hasNone(usage, "image")];
  if (noPdf && noImage)
    return {
      label: t`PDFs and images: not in your plan`,
      words: comesWith(t`PDFs and images`, "pdf", plans),
      none: true,
    };
  if (noPdf) return { label: t`Add images`, words: t`Images go to your question`, none: false };
  if (noImage) return { label: t`Add PDFs`, words: t`PDFs go to your documents`, none: false };
  return {
    label: t`Add PDFs or images`,
    words: t`PDFs go to your documents, images to your question`,
    none: false,
  };
}
