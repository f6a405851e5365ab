import createClient from "openapi-fetch";
import { Problem } from "./problem.ts";
import type { paths } from "./schema.gen.ts";
import { stamp, withSession } from "./session.ts";

/** The client, made from the OpenAPI document. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  fetch: async (request) => {
    const response = await withSession(request);
    if (response.ok && /\/api\/auth\/(login|register)$/.test(request.url)) stamp();
    return response;
  },
});

/** The body of an answer; throws a `Problem` where there is none. */
export async function unwrap<T>(
  answer: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await answer.catch((cause: unknown) => {
    throw Problem.wrap(cause);
  });
  if (!response.ok) throw Problem.from(response, error);
  return data as T;
}

/** For what the OpenAPI document does not have (yet). */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  const response = await withSession(new Request(new URL(path, location.origin), init)).catch((cause) => {
    throw Problem.wrap(cause);
  });
  if (!response.ok) throw await Problem.of(response);
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}
