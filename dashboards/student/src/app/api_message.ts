/** What the API says, in the reader's language. */
import { Problem } from "@medai/client";

/** An error as the API's envelope, a document or the end of an answer tells it. */
export interface ApiMessage {
  code: string;
  message: string;
  details?: unknown;
}

type Translate = (told: ApiMessage) => string | undefined;

/** In English, nobody says it better than the API. */
const inEnglish: Translate = () => undefined;
let translate = inEnglish;

/** Who knows what the API says in the language that is now spoken: what that takes is loaded with its catalogue. */
export function translateBy(translation: Translate = inEnglish): void {
  translate = translation;
}

/** A sentence of the API's. */
export const said = (text: string): string => translate({ code: "", message: text }) ?? text;

/** What went wrong, of anything that was thrown or told. */
export function told(error: unknown): string {
  const known = isApiMessage(error) ? error : Problem.wrap(error);
  return translate(known) ?? known.message;
}

/** What the end of an answer or of a document's reading says; undefined where it says nothing. */
export const toldAtEnd = ({ code, message, details }: Partial<ApiMessage>): string | undefined =>
  message === undefined ? undefined : told({ code: code ?? "", message, details });

/** What is wrong with each field of a form. */
export const toldFields = (problem: Problem | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(problem?.fields ?? {}).map(([field, words]) => [field, said(words)]));

const isApiMessage = (error: unknown): error is ApiMessage =>
  typeof error === "object" &&
  error !== null &&
  "code" in error &&
  typeof error.code === "string" &&
  "message" in error &&
  typeof error.message === "string";
