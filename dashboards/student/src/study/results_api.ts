/** What commands made, of the API: how it is asked for, and how it is changed, in all tabs. */
import { call, Problem, withSession } from "@medai/client";
import { changed, queryClient, tellTabs } from "@medai/client/react";
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
} from "@tanstack/react-query";
import type {
  Answered,
  ConceptMap,
  ListedMap,
  ListedQuiz,
  ListedSummary,
  MadeCards,
  NewQuiz,
  Page,
  QuestionSet,
  Quiz,
  QuizQuestion,
  Summary,
  Topic,
  WholeSet,
} from "./result_types.ts";

const BASE = "/api/study";

/** The lists, by what is in them. */
export interface Lists {
  "question-sets": QuestionSet;
  quizzes: ListedQuiz;
  summaries: ListedSummary;
  maps: ListedMap;
}
export type Kind = keyof Lists;

const listKey = (kind: Kind) => ["study", kind] as const;
const oneKey = (kind: Kind, id: string) => ["study", kind, "one", id] as const;

/** A list, a page after the other, the newest first. */
const listQuery = <K extends Kind>(kind: K, q: string) =>
  infiniteQueryOptions({
    queryKey: [...listKey(kind), "list", q],
    refetchOnWindowFocus: "always",
    placeholderData: keepPreviousData,
    initialPageParam: "",
    queryFn: ({ pageParam }): Promise<Page<Lists[K]>> => {
      const search = new URLSearchParams({ limit: "50" });
      if (q !== "") search.set("q", q);
      if (pageParam !== "") search.set("cursor", pageParam);
      return call("GET", `${BASE}/${kind}?${search}`);
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export function useList<K extends Kind>(kind: K, q = "") {
  const { data, ...query } = useInfiniteQuery(listQuery(kind, q));
  return { ...query, items: data?.pages.flatMap(({ items }) => items) };
}

const oneQuery = <T>(kind: Kind, id: string) =>
  queryOptions({
    queryKey: oneKey(kind, id),
    refetchOnWindowFocus: "always",
    queryFn: (): Promise<T> => call("GET", `${BASE}/${kind}/${id}`),
  });

export const setQuery = (id: string) => oneQuery<WholeSet>("question-sets", id);
export const summaryQuery = (id: string) => oneQuery<Summary>("summaries", id);
export const mapQuery = (id: string) => oneQuery<ConceptMap>("maps", id);

export const topicsQuery = queryOptions({
  queryKey: ["study", "topics"],
  queryFn: async (): Promise<Topic[]> => (await call<Page<Topic>>("GET", `${BASE}/topics`)).items,
});

export async function rename(kind: Kind, id: string, title: string): Promise<void> {
  await call("PATCH", `${BASE}/${kind}/${id}`, { title });
  await changed(listKey(kind));
}

export async function remove(kind: Kind, id: string): Promise<void> {
  await call("DELETE", `${BASE}/${kind}/${id}`);
  queryClient.removeQueries({ queryKey: oneKey(kind, id) });
  await changed(listKey(kind), topicsQuery.queryKey);
}

/** Makes cards of a summary. */
export async function cardsOfSummary(id: string): Promise<MadeCards> {
  const made = await call<MadeCards>("POST", `${BASE}/summaries/${id}/cards`, {});
  await changed(["study", "decks"], ["study", "today"]);
  return made;
}

/** A file that the API makes, as text. */
export async function exported(path: string): Promise<string> {
  const response = await withSession(new Request(new URL(`${BASE}/${path}`, location.origin))).catch(
    (cause) => {
      throw Problem.wrap(cause);
    },
  );
  if (!response.ok) throw await Problem.of(response);
  return response.text();
}

/** Takes a question out of quizzes, with the reason for it. */
export async function report(question: string, reason: string): Promise<void> {
  await call("POST", `${BASE}/questions/${question}/report`, { reason });
  await changed(listKey("question-sets"), topicsQuery.queryKey);
}

export async function takeBackReport(question: string): Promise<void> {
  await call("DELETE", `${BASE}/questions/${question}/report`);
  await changed(listKey("question-sets"), topicsQuery.queryKey);
}

/** A quiz and when it was told, by a clock that only ever runs forward: what its time is counted from. */
export interface ToldQuiz {
  quiz: Quiz;
  told: number;
}

const told = (quiz: Quiz): ToldQuiz => ({ quiz, told: performance.now() });

/** How often a quiz that goes on is looked at, beside what other tabs tell: it may go on at another device. */
const POLL = 15_000;

export const quizQuery = (id: string) =>
  queryOptions({
    queryKey: oneKey("quizzes", id),
    refetchOnWindowFocus: "always",
    refetchOnMount: "always",
    refetchInterval: ({ state }) => (state.data?.quiz.state === "running" ? POLL : false),
    queryFn: async (): Promise<ToldQuiz> => told(await call<Quiz>("GET", `${BASE}/quizzes/${id}`)),
  });

export async function startQuiz(body: NewQuiz): Promise<Quiz> {
  const quiz = await call<Quiz>("POST", `${BASE}/quizzes`, body);
  queryClient.setQueryData(quizQuery(quiz.id).queryKey, told(quiz));
  void changed([...listKey("quizzes"), "list"]);
  return quiz;
}

/** Stores what was done with a question. What the API says of it then is what counts. */
export async function answer(quiz: string, question: string, body: Answered): Promise<void> {
  const { queryKey } = quizQuery(quiz);
  await queryClient.cancelQueries({ queryKey });
  const stored = await persistently(() =>
    call<QuizQuestion>("PUT", `${BASE}/quizzes/${quiz}/answers/${question}`, body),
  );
  queryClient.setQueryData(
    queryKey,
    (known) => known && { ...known, quiz: withQuestion(known.quiz, stored) },
  );
  tellTabs(queryKey);
}

const withQuestion = (quiz: Quiz, stored: QuizQuestion): Quiz => ({
  ...quiz,
  questions: quiz.questions.map((each) => (each.question_id === stored.question_id ? stored : each)),
});

export async function finish(id: string): Promise<void> {
  const quiz = await call<Quiz>("POST", `${BASE}/quizzes/${id}/finish`);
  queryClient.setQueryData(quizQuery(id).queryKey, told(quiz));
  void changed([...listKey("quizzes"), "list"], topicsQuery.queryKey);
  tellTabs(quizQuery(id).queryKey);
}

/** Makes cards of some questions of an attempt, or of all that were answered wrong. */
export async function cardsOfQuiz(id: string, questions?: string[]): Promise<MadeCards> {
  const made = await call<MadeCards>("POST", `${BASE}/quizzes/${id}/cards`, {
    ...(questions && { question_ids: questions }),
  });
  await changed(["study", "decks"], ["study", "today"]);
  return made;
}

/** Tries again where the network failed: what is stored once more is the same. */
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
