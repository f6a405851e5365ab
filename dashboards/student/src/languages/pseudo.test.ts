import { i18n } from "@lingui/core";
import { plural, t } from "@lingui/core/macro";
import { speak } from "@medai/ui";
import { beforeAll, expect, test, vi } from "vitest";
import { PSEUDO } from "../app/language.ts";

vi.hoisted(() => vi.stubGlobal("location", { origin: "http://localhost" }));

beforeAll(async () => {
  vi.stubGlobal("document", { documentElement: {} });
  const { messages } = await import("./pseudo.ts");
  speak({ name: PSEUDO, locale: "en", messages });
});

test("a message is in brackets, accented, and a good deal longer", () => {
  expect(t`Sign in`).toBe("[Šíígñ ííñ]");
  const english = "Nothing can be answered right now. Please check back soon.";
  const length = t`Nothing can be answered right now. Please check back soon.`.length;
  expect(length / english.length).toBeGreaterThan(1.3);
});

test("what fills it stays as it is", () => {
  const [name, count] = ["Ada", 2];
  expect(t`Hello ${name}!`).toBe("[Hééllóó Ada!]");
  expect(plural(count, { one: "# page", other: "# pages" })).toBe("[2 páágééš]");
});

test("each text between elements has brackets of its own, and nothing has none", () => {
  expect(i18n._({ id: "x", message: "You are on <0>Pro</0>." })).toBe("[Ýóóúú ááréé óóñ ]<0>[Próó]</0>[.]");
  expect(i18n._({ id: "y", message: "<0>All</0>" })).toBe("<0>[Áll]</0>");
});
