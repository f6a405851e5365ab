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

/**
 * The answer that is now written. The receipt does not name its message, only its job. Its id is larger than every real
 * one too: of several answers to a question the newest is shown, and that is the one being written.
 */
export function pendingAnswer({ message, job }: Accepted): Message {
  return {
    ...message,
    id: `~${job.id}`,
    parent_id: message.id,
    role: "assistant",
    content: "",
    status: "pending",
    citations: [],
    job_id: job.id,
  };
}
