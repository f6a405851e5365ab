/** What the API says, in the reader's language: by its code where that says all, by its words where they are known. */
import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Problem } from "@medai/client";
import { clock, number } from "@medai/ui";
import { type Pages, partlyRead } from "./partly_read.ts";
import { SERVER_TEXTS } from "./server_texts.ts";

/** An error as the API's envelope, a document or the end of an answer tells it. */
interface Told {
  code: string;
  message: string;
  details?: unknown;
}

/** A sentence of the API's. */
export function said(text: string): string {
  const known = SERVER_TEXTS.get(text);
  return known ? i18n._(known) : text;
}

/** What went wrong, of anything that was thrown or told. */
export function told(error: unknown): string {
  const { code, message, details } = isTold(error) ? error : Problem.wrap(error);
  // In English, nobody says it better than the API.
  const words = i18n.locale === "en" ? undefined : byCode(code, message, (details ?? {}) as Details);
  return words ?? said(message);
}

/** What the end of an answer or of a document's reading says; undefined where it says nothing. */
export const toldAtEnd = ({ code, message, details }: Partial<Told>): string | undefined =>
  message === undefined ? undefined : told({ code: code ?? "", message, details });

/** What is wrong with each field of a form. */
export const toldFields = (problem: Problem | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(problem?.fields ?? {}).map(([field, words]) => [field, said(words)]));

const isTold = (error: unknown): error is Told =>
  typeof error === "object" &&
  error !== null &&
  "code" in error &&
  typeof error.code === "string" &&
  "message" in error &&
  typeof error.message === "string";

interface Details extends Pages {
  limit?: number;
  pages?: number;
  retry_at?: string;
}

function byCode(code: string, message: string, details: Details): string | undefined {
  const limit = details.limit === undefined ? "" : number(details.limit);
  switch (code) {
    case "TOKEN_LIMIT_EXCEEDED":
      return t`You’ve reached your daily limit of ${limit} tokens.`;
    case "REQUEST_LIMIT_EXCEEDED":
      return t`You’ve reached your daily limit of ${limit} questions.`;
    case "MCQ_LIMIT_EXCEEDED":
      return t`You’ve reached your daily limit of ${limit} MCQs.`;
    case "FLASHCARD_LIMIT_EXCEEDED":
      return t`You’ve reached your daily limit of ${limit} flashcards.`;
    case "PDF_LIMIT_EXCEEDED":
      return t`You’ve reached your daily limit of ${limit} PDFs.`;
    case "IMAGE_LIMIT_EXCEEDED":
      return t`You’ve reached your daily limit of ${limit} images.`;
    case "FEATURE_LIMIT_EXCEEDED":
      return t`You’ve reached your daily limit of ${limit} for this.`;
    case "TOO_MANY_FAILED_UPLOADS":
      return t`${limit} of your uploads could not be read today. You can upload again tomorrow.`;
    case "FEATURE_UNAVAILABLE":
      // An admin may have said it in other words.
      return / generation temporarily unavailable$/.test(message)
        ? t`This is temporarily unavailable.`
        : undefined;
    case "FEATURE_DISABLED":
      return t`This is switched off for now.`;
    case "NOT_FOUND":
      return t`This is not there any more.`;
    case "PAYLOAD_TOO_LARGE":
      return t`This is larger than what is taken here.`;
    case "PDF_TOO_MANY_PAGES":
      return t`This PDF has ${number(details.pages ?? 0)} pages; at most ${limit} can be read. Split it into parts.`;
    case "PDF_PARTLY_READ":
    case "PDF_PAGES_WITHOUT_TEXT":
    case "PDF_FOUND_BY_WORDS":
      return partlyRead(details);
    case "PROVIDERS_EXHAUSTED":
      return (
        details.retry_at &&
        t`All AI providers are out of quota. Answers will be available again at ${clock(details.retry_at)}.`
      );
  }
  return undefined;
}
