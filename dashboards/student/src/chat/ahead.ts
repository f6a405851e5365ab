/** Messages that are shown before the API has told of them. The next fetch replaces them. */
import type { Accepted, Message } from "@medai/client";

/** Larger than every real id, so that it is the newest. */
const ECHO = "~echo";

export const withoutEcho = (messages: Message[]): Message[] => messages.filter(({ id }) => id !== ECHO);

/** A question that was just sent. */
export function echo(session: string, content: string, parent: string | null): Message {
  return {
    id: ECHO,
    session_id: session,
    parent_id: parent,
    role: "user",
    feature: "chat",
    content,
    status: "complete",
    citations: [],
    created_at: new Date().toISOString(),
  };
}

/** The answer that is now written. Its id is larger than those of earlier ones: the newest of several is shown. */
export function pendingAnswer({ message, answer_id, job }: Accepted): Message {
  return {
    ...message,
    id: answer_id,
    parent_id: message.id,
    role: "assistant",
    content: "",
    status: "pending",
    citations: [],
    job_id: job.id,
  };
}
