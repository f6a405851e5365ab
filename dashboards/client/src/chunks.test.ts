import { createElement, type FunctionComponent, Suspense } from "react";
import { renderToReadableStream } from "react-dom/server";
import { afterEach, expect, test, vi } from "vitest";
import { chunk, preloadWhenIdle, tryChunksAgain } from "./chunks.ts";
import { Problem } from "./problem.ts";

const Page: FunctionComponent = () => createElement("p", {}, "The page");
const gone = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

afterEach(() => vi.unstubAllGlobals());

/** What is shown of it in the end, or what is thrown. */
async function shown(Part: FunctionComponent): Promise<unknown> {
  try {
    const stream = await renderToReadableStream(createElement(Part), { onError: () => undefined });
    await stream.allReady;
    return await new Response(stream).text();
  } catch (error) {
    return error;
  }
}

test("a part is fetched once, when it is shown", async () => {
  const fetched = vi.fn(async () => ({ default: Page }));
  const Part = chunk(fetched);
  expect(fetched).not.toHaveBeenCalled();
  expect(await shown(Part)).toContain("The page");
  expect(await shown(Part)).toContain("The page");
  expect(fetched).toHaveBeenCalledTimes(1);
});

test("without network it says so, again and again, until it is tried again", async () => {
  vi.stubGlobal("fetch", gone);
  const fetched = vi.fn().mockImplementationOnce(gone).mockResolvedValue({ default: Page });
  const Part = chunk<object>(fetched);
  expect(await shown(Part)).toMatchObject({ code: "OFFLINE" });
  expect(await shown(Part)).toMatchObject({ code: "OFFLINE" });
  await tryChunksAgain();
  expect(await shown(Part)).toContain("The page");
  expect(fetched).toHaveBeenCalledTimes(2);
});

test("where the server is there and the file is not, it does not blame the network, and loads the page anew", async () => {
  const reload = vi.fn();
  vi.stubGlobal("fetch", async () => new Response("{}"));
  vi.stubGlobal("location", { reload });
  const Part = chunk<object>(gone);
  const thrown = await shown(Part);
  expect(thrown).toBeInstanceOf(Problem);
  expect(thrown).toMatchObject({ code: "OUTDATED" });
  expect(reload).not.toHaveBeenCalled();
  await tryChunksAgain();
  expect(reload).toHaveBeenCalledTimes(1);
});

test("what could not be fetched ahead is fetched when it is shown", async () => {
  const fetched = vi.fn().mockImplementationOnce(gone).mockResolvedValue({ default: Page });
  const Part = chunk<object>(fetched);
  await Part.preload();
  expect(await shown(createElementIn(Part))).toContain("The page");
});

const createElementIn =
  (Part: FunctionComponent): FunctionComponent =>
  () =>
    createElement(Suspense, {}, createElement(Part));

test("parts are fetched ahead one after the other, also where one of them fails", async () => {
  const fetched: string[] = [];
  const part = (name: string, fails = false) =>
    chunk<object>(async () => {
      fetched.push(name);
      if (fails) throw new TypeError("offline");
      return { default: Page };
    });
  vi.stubGlobal("requestIdleCallback", (run: () => void) => setTimeout(run));
  vi.stubGlobal("navigator", {});
  preloadWhenIdle([part("a"), part("b", true), part("c")]);
  await vi.waitFor(() => expect(fetched).toEqual(["a", "b", "c"]));
});

test("nothing is fetched ahead for who saves data", () => {
  const idle = vi.fn();
  vi.stubGlobal("requestIdleCallback", idle);
  vi.stubGlobal("navigator", { connection: { saveData: true } });
  preloadWhenIdle([chunk<object>(gone)]);
  expect(idle).not.toHaveBeenCalled();
});
