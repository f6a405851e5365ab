/**
 * Parts of an app that are fetched when they are first shown. Where that fails, the part says so in its place and can be
 * tried again: the rest of the app, with what was typed and read in it, stays as it is.
 */
import { type ComponentType, createElement, type FunctionComponent, use } from "react";
import { Problem } from "./problem.ts";

export type Chunk<Props> = FunctionComponent<Props> & {
  /** Fetches it ahead. Where that fails now, it is tried again when it is shown. */
  preload: () => Promise<void>;
};

/** Those that were to be shown and could not be, with what tries them again. */
const failed = new Map<object, () => Promise<boolean>>();

/** A component as `React.lazy` makes it, but one that can be tried again. */
export function chunk<Props extends object>(
  fetchIt: () => Promise<{ default: ComponentType<Props> }>,
): Chunk<Props> {
  let made: ComponentType<Props> | undefined;
  let problem: Problem | undefined;
  let onItsWay: Promise<void> | undefined;
  const load = (): Promise<void> => {
    onItsWay ??= fetchIt()
      .then((module) => {
        made = module.default;
      })
      .finally(() => {
        onItsWay = undefined;
      });
    return onItsWay;
  };
  let shown: Promise<void> | undefined;
  const again = async (): Promise<boolean> => {
    problem = undefined;
    shown = undefined;
    await load().catch(() => undefined);
    return made !== undefined;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: as `React.lazy` is one; made once, where a module is loaded
  const Shown = (props: Props) => {
    if (made) return createElement(made, props);
    if (problem) throw problem;
    shown ??= load().catch(async () => {
      problem = (await isReached()) ? outdated() : Problem.offline();
      failed.set(Shown, again);
    });
    use(shown);
    // What was waited for is there, or not: what React shows of it now is decided above.
    if (made) return createElement(made, props);
    throw problem ?? Problem.offline();
  };
  return Object.assign(Shown, { preload: () => load().catch(() => undefined) });
}

/** Tries all again that could not be shown. Where the server has other files by now, the page is loaded anew. */
export async function tryChunksAgain(): Promise<void> {
  const tried = [...failed.values()];
  failed.clear();
  const there = await Promise.all(tried.map((again) => again()));
  if (there.includes(false) && (await isReached())) location.reload();
}

/** Fetches parts one after the other while nothing else is to do, unless the reader saves data. */
export function preloadWhenIdle(parts: readonly { preload: () => Promise<void> }[]): void {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return;
  const rest = [...parts];
  const next = () => {
    const part = rest.shift();
    if (part) void part.preload().then(() => whenIdle(next));
  };
  whenIdle(next);
}

/** Safari does not say when it is. */
function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(run, { timeout: 5000 });
  else setTimeout(run, 500);
}

const isReached = (): Promise<boolean> =>
  fetch("/api/status", { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );

const outdated = (): Problem =>
  new Problem(0, {
    code: "OUTDATED",
    message: "This part of the app could not be loaded. Please try again.",
  });
