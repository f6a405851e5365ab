import { expect, test, vi } from "vitest";
import { changesAmong } from "./changes.ts";

/** Two tabs, and what each asks for anew. */
function tabs() {
  const made = [0, 1].map(() => {
    const channel = { postMessage: vi.fn(), onmessage: null as ((event: MessageEvent) => void) | null };
    const invalidateQueries = vi.fn(async () => undefined);
    return { channel, invalidateQueries, changed: changesAmong({ invalidateQueries }, channel).changed };
  });
  for (const [at, tab] of made.entries())
    tab.channel.postMessage.mockImplementation((data: unknown) =>
      made[1 - at]?.channel.onmessage?.({ data: structuredClone(data) } as MessageEvent),
    );
  return made as [(typeof made)[0], (typeof made)[0]];
}

test("what one tab changed is asked for anew in both, once", async () => {
  const [one, other] = tabs();
  await one.changed(["documents"], ["messages", "7"]);
  for (const tab of [one, other])
    expect(tab.invalidateQueries.mock.calls).toEqual([
      [{ queryKey: ["documents"] }],
      [{ queryKey: ["messages", "7"] }],
    ]);
  expect(other.channel.postMessage).not.toHaveBeenCalled();
});

test("what is no list of keys is not listened to, and a browser without channels asks for itself", async () => {
  const [, other] = tabs();
  other.channel.onmessage?.({ data: "documents" } as MessageEvent);
  expect(other.invalidateQueries).not.toHaveBeenCalled();
  const invalidateQueries = vi.fn(async () => undefined);
  await changesAmong({ invalidateQueries }, undefined).changed(["documents"]);
  expect(invalidateQueries).toHaveBeenCalledTimes(1);
});
