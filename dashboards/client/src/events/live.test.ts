import { beforeEach, expect, test, vi } from "vitest";
import type { ToHub } from "./protocol.ts";

const page = Object.assign(new EventTarget(), { hidden: false });
const said: ToHub[] = [];
interface Port {
  postMessage: (message: ToHub) => void;
  onmessage?: (event: { data: unknown }) => void;
}
const ports: Port[] = [];

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  said.length = 0;
  ports.length = 0;
  page.hidden = false;
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", vi.fn());
  vi.stubGlobal(
    "SharedWorker",
    class {
      port: Port = { postMessage: (message) => said.push(message) };
      constructor() {
        ports.push(this.port);
      }
    },
  );
});

const turn = (hidden: boolean) => {
  page.hidden = hidden;
  page.dispatchEvent(new Event("visibilitychange"));
};
const wanted = () => said.flatMap((message) => (message.say === "live" ? [message.wanted] : []));

test("live figures are read while somebody looks, and over one connection", async () => {
  const { watchLive } = await import("./index.ts");
  const watcher = { figures: vi.fn(), connection: vi.fn() };
  const stop = watchLive(watcher);
  expect(wanted()).toEqual([true]);
  turn(true);
  vi.advanceTimersByTime(10_000);
  turn(false);
  expect(wanted()).toEqual([true]);
  turn(true);
  vi.advanceTimersByTime(31_000);
  expect(wanted()).toEqual([true, false]);
  ports[0]?.onmessage?.({ data: { say: "live", data: "{}" } });
  expect(watcher.figures).not.toHaveBeenCalled();
  turn(false);
  expect(wanted()).toEqual([true, false, true]);
  ports[0]?.onmessage?.({ data: { say: "live", data: "{}" } });
  expect(watcher.figures).toHaveBeenCalledWith("{}");
  stop();
  expect(wanted()).toEqual([true, false, true, false]);
  turn(true);
  turn(false);
  expect(wanted()).toEqual([true, false, true, false]);
  expect(ports).toHaveLength(1);
});

test("a page that was opened in the background begins when it is looked at", async () => {
  const { watchLive } = await import("./index.ts");
  page.hidden = true;
  watchLive({ figures: vi.fn(), connection: vi.fn() });
  expect(wanted()).toEqual([]);
  turn(false);
  expect(wanted()).toEqual([true]);
});
