// The catalogues have all messages, and each translation has what its English has.
import { readFileSync } from "node:fs";
import { getCatalogs } from "@lingui/cli/api";
import { getConfig } from "@lingui/conf";
import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import { describe, expect, test } from "vitest";

const config = getConfig({ configPath: "lingui.config.ts" });
const [catalogue] = await getCatalogs(config);
const inCode = (await catalogue?.collect()) ?? {};

type Part = string | [name: string, type?: string, cases?: Record<string, Part[]>];

/** What a message is filled with, and which parts of it are an element of the page. */
function needs(parts: readonly Part[]): string[] {
  return parts
    .flatMap((part) => {
      if (typeof part === "string") return part.match(/<\/?\d+\/?>/g) ?? [];
      const [name, type, cases] = part;
      const inside = Object.entries(cases ?? {}).flatMap(([key, of]) => (key === "offset" ? [] : needs(of)));
      return [`{${name} ${type ?? ""}}`, ...(type ? new Set(inside) : [])];
    })
    .sort();
}

const read = (message: string) => compileMessageOrThrow(message) as Part[];

function pluralsOf(parts: readonly Part[]): string[][] {
  return parts.flatMap((part) =>
    typeof part !== "string" && part[1] === "plural"
      ? [
          Object.keys(part[2] ?? {}),
          ...Object.values(part[2] ?? {}).flatMap((of) => (Array.isArray(of) ? pluralsOf(of) : [])),
        ]
      : [],
  );
}

test("there are messages at all", () => {
  expect(Object.keys(inCode).length).toBeGreaterThan(400);
});

describe.each(config.locales)("%s", async (locale) => {
  const known = (await catalogue?.read(locale)) ?? {};
  const pairs = Object.entries(known).map(([id, { message = id, translation = "" }]) => ({
    message,
    translation,
  }));

  test("has every message that is in the code, and no other: `npm run messages`", () => {
    expect(Object.keys(known).sort()).toEqual(Object.keys(inCode).sort());
  });

  test("has no message without its translation", () => {
    expect(
      pairs.filter(({ translation }) => translation.trim() === "").map(({ message }) => message),
    ).toEqual([]);
  });

  test("says with each message what is in it, and nothing else", () => {
    const wrong = pairs.filter(
      ({ message, translation }) =>
        String([...new Set(needs(read(message)))]) !== String([...new Set(needs(read(translation)))]),
    );
    expect(wrong).toEqual([]);
  });

  test("has all forms of each plural", () => {
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    for (const { message, translation } of pairs) {
      const plurals = pluralsOf(read(translation));
      expect(plurals.length, message).toBe(pluralsOf(read(message)).length);
      for (const plural of plurals) expect(plural, message).toEqual(expect.arrayContaining(forms));
    }
  });
});

test("Arabic has six forms", () => {
  expect(new Intl.PluralRules("ar").resolvedOptions().pluralCategories).toHaveLength(6);
});

test("German says du", () => {
  const text = readFileSync(new URL("./de.po", import.meta.url), "utf8");
  expect(text.match(/\b(?:Ihre?[nmrs]?|Ihnen)\b/g) ?? []).toEqual([]);
});
