import { type Accepted, api, type Message, Problem, unwrap } from "@medai/client";
import { queryClient, statusQuery, tellTabs } from "@medai/client/react";
import { queryOptions } from "@tanstack/react-query";
import { usageQuery } from "../usage/usage.ts";
import { echo, pendingAnswer, withoutEcho } from "./ahead.ts";
import { refetchSessions } from "./sessions.ts";

/** All messages of a conversation, all branches, oldest first. */
export const messagesQuery = (session: string) =>
  queryOptions({
    queryKey: ["messages", session],
    refetchOnWindowFocus: "always",
    queryFn: async (): Promise<Message[]> => {
      const messages: Message[] = [];
      for (let cursor: string | null | undefined = null; cursor !== undefined; ) {
        const query: { limit: number; cursor: string | null } = { limit: 200, cursor };
        const page: { items: Message[]; next?: string | null } = await unwrap(
          api.GET("/api/chat/sessions/{id}/messages", { params: { path: { id: session }, query } }),
        );
        messages.push(...page.items);
        cursor = page.next ?? undefined;
      }
      return messages;
    },
  });

export async function afterAnswer(session: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: messagesQuery(session).queryKey }),
    queryClient.invalidateQueries({ queryKey: usageQuery.queryKey }),
    refetchSessions(),
  ]);
}

interface Question {
  session: string;
  content: string;
  /** Ids of images that go with it. */
  attachments: string[];
  /** What it follows, where that is not the newest message. */
  parent: string | undefined;
}

/** Sends a question. It shows at once; what fails is taken back and thrown. */
export async function send({ session, content, attachments, parent }: Question): Promise<void> {
  const body = {
    content,
    ...(attachments.length > 0 && { attachments }),
    ...(parent !== undefined && { parent_id: parent }),
  };
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const leaf = parent ?? known(session).at(-1)?.id ?? null;
  await shown(session, content, leaf, () =>
    persistently(() =>
      receipt(
        api.POST("/api/chat/sessions/{id}/messages", {
          params: { path: { id: session }, header: headers },
          body,
        }),
      ),
    ),
  );
}

/** Sends a question in other words: a new branch beside it. */
export async function edit(question: Message, content: string): Promise<void> {
  const path = { id: question.id };
  await shown(question.session_id, content, question.parent_id ?? null, () =>
    receipt(api.POST("/api/chat/messages/{id}/edit", { params: { path }, body: { content } })),
  );
}

/** Asks for another answer to the same question. */
export async function regenerate(question: Message): Promise<void> {
  const path = { id: question.id };
  const accepted = await receipt(api.POST("/api/chat/messages/{id}/regenerate", { params: { path } }));
  change(question.session_id, (messages) => [...messages, pendingAnswer(accepted)]);
  void queryClient.invalidateQueries({ queryKey: usageQuery.queryKey });
}

/** Stops an answer; what was written stands. */
export async function stop(job: string): Promise<void> {
  await unwrap(api.DELETE("/api/jobs/{id}", { params: { path: { id: job } } })).catch((error: unknown) => {
    // It has just ended by itself.
    if (!(error instanceof Problem && error.status === 409)) throw error;
  });
}

/** These also answer with the events themselves, if they are asked to; here they are not. */
const receipt = (answer: Promise<{ data?: unknown; error?: unknown; response: Response }>) =>
  unwrap(answer) as Promise<Accepted>;

const known = (session: string): Message[] => queryClient.getQueryData(messagesQuery(session).queryKey) ?? [];

function change(session: string, how: (messages: Message[]) => Message[]): void {
  queryClient.setQueryData(messagesQuery(session).queryKey, (messages) => how(messages ?? []));
}

async function shown(
  session: string,
  content: string,
  parent: string | null,
  ask: () => Promise<Accepted>,
): Promise<void> {
  await queryClient.cancelQueries({ queryKey: messagesQuery(session).queryKey });
  change(session, (messages) => [...withoutEcho(messages), echo(session, content, parent)]);
  try {
    const accepted = await ask();
    change(session, (messages) => [...withoutEcho(messages), accepted.message, pendingAnswer(accepted)]);
    void refetchSessions();
    void queryClient.invalidateQueries({ queryKey: usageQuery.queryKey });
    // Other tabs that show it read along.
    tellTabs(["messages", session], usageQuery.queryKey);
  } catch (error) {
    change(session, withoutEcho);
    // What is left may have been used at another device.
    void queryClient.invalidateQueries({ queryKey: usageQuery.queryKey });
    const problem = Problem.wrap(error);
    if (problem.status === 503) void queryClient.invalidateQueries({ queryKey: statusQuery.queryKey });
    throw problem;
  }
}

/** Tries again where the network failed: the key of the request makes a repeat harmless. */
async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (Problem.wrap(error).code !== "OFFLINE" || tries === 2) throw error;
      await new Promise((resolve) => setTimeout(resolve, 700 * 2 ** tries));
    }
  }
}
