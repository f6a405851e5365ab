import { api, type components, type Message, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { say } from "@medai/ui";
import { told } from "../app/api_message.ts";
import { messagesQuery } from "./messages.ts";

export type Vote = components["schemas"]["Vote"];
export type ReportKind = components["schemas"]["ReportKind"];
export type ErrorReport = components["schemas"]["ErrorReport"];

function note(answer: Message, said: Partial<Pick<Message, "vote" | "reported">>): void {
  queryClient.setQueryData(messagesQuery(answer.session_id).queryKey, (messages) =>
    messages?.map((message) => (message.id === answer.id ? { ...message, ...said } : message)),
  );
}

/** Votes on an answer, or takes the vote back. It shows at once; what fails is taken back. */
export async function vote(answer: Message, wanted: Vote | null): Promise<void> {
  const params = { path: { id: answer.id } };
  note(answer, { vote: wanted });
  try {
    await unwrap(
      wanted
        ? api.PUT("/api/chat/messages/{id}/vote", { params, body: { vote: wanted } })
        : api.DELETE("/api/chat/messages/{id}/vote", { params }),
    );
  } catch (error) {
    note(answer, { vote: answer.vote ?? null });
    say(told(error));
  }
}

export async function report(answer: Message, body: ErrorReport): Promise<void> {
  await unwrap(api.PUT("/api/chat/messages/{id}/report", { params: { path: { id: answer.id } }, body }));
  note(answer, { reported: body.kind });
}

export async function withdraw(answer: Message): Promise<void> {
  await unwrap(api.DELETE("/api/chat/messages/{id}/report", { params: { path: { id: answer.id } } }));
  note(answer, { reported: null });
}
