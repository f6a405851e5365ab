/** What the API says, in another language than English: by its code where that says all, by its words where they are known. */
import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { clock, number } from "@medai/ui";
import type { ApiMessage } from "../app/api_message.ts";
import { type Pages, partlyRead } from "./partly_read.ts";
import { SERVER_TEXTS } from "./server_texts.ts";

/** Undefined where it is not known. */
export function inOtherWords({ code, message, details }: ApiMessage): string | undefined {
  const known = SERVER_TEXTS.get(message);
  return byCode(code, message, (details ?? {}) as Details) ?? (known && i18n._(known));
}

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
