import type { Message } from "@medai/client";
import type { Shown } from "./answer.tsx";

interface Facts {
  message: Pick<Message, "feature" | "created_at">;
  question: Pick<Message, "attachments">;
  shown: Pick<Shown, "face" | "text" | "citations" | "live">;
  /** Since when the conversation has had documents to search; undefined where it has none. */
  searchedSince: string | undefined;
}

/** Whether the student's documents were searched for an answer, and nothing in them fits. Said at its end: nothing moves. */
export function isOutside({ message, question, shown, searchedSince }: Facts): boolean {
  const { face, text, citations, live } = shown;
  if (message.feature !== "chat" || face !== "done" || live || text === "") return false;
  // What was asked about is in the picture, and not in the documents.
  if ((question.attachments?.length ?? 0) > 0) return false;
  return citations?.length === 0 && searchedSince !== undefined && message.created_at > searchedSince;
}
