// What is really said, by the catalogues as the build compiles them.
import { ago, bytes, duration, number, percent, speak } from "@medai/ui";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { told, translateBy } from "../app/api_message.ts";
import { keysOf, SHORTCUTS } from "../app/shortcuts.ts";
import { followUps } from "../chat/follow_ups.ts";
import { stepOf } from "../documents/steps.ts";
import { messages as arabic } from "./ar.po";
import { messages as german } from "./de.po";
import { partlyRead } from "./partly_read.ts";
import { inOtherWords } from "./server.ts";

vi.hoisted(() => vi.stubGlobal("location", { origin: "http://localhost" }));
vi.stubGlobal("document", { documentElement: {} });
vi.stubGlobal("navigator", { userAgent: "" });
afterAll(() => speak({ name: "en", locale: "en", messages: {} }));

const hoursAgo = (hours: number) => ago(new Date(0), hours * 3_600_000);

describe("German", () => {
  beforeEach(() => speak({ name: "de", locale: "de-DE", messages: german }));

  test("writes numbers, sizes and times as Germans do", () => {
    expect([number(12_345), percent(0.42), bytes(1_400_000), duration(7800)]).toEqual([
      "12.345",
      "42\u00a0%",
      "1,4 MB",
      "2 h 10 min",
    ]);
    expect([hoursAgo(0.001), hoursAgo(3)]).toEqual(["gerade eben", "vor 3 h"]);
  });

  test("says what the API said, by its code or by its words, and else in the API's", () => {
    translateBy(inOtherWords);
    expect(told({ code: "UNAUTHENTICATED", message: "The address or the password is wrong." })).toBe(
      "Die Adresse oder das Passwort ist falsch.",
    );
    const limit = { code: "TOKEN_LIMIT_EXCEEDED", message: "…", details: { limit: 10_000 } };
    expect(told(limit)).toBe("Du hast dein Tageslimit von 10.000 Tokens erreicht.");
    expect(told({ code: "CONFLICT", message: "Something new." })).toBe("Something new.");
    expect(told(new TypeError("Failed to fetch"))).toContain("Der Server ist nicht erreichbar");
    translateBy();
    expect(told({ ...limit, message: "As the API says it." })).toBe("As the API says it.");
  });

  test("offers what may be asked next, and names keys as they are written on keyboards", () => {
    const offered = followUps({ question: "Was ist die Vorlast?", answer: "", citations: [] });
    expect(offered).toEqual([
      { label: "Frag mich ab: Vorlast", text: "/mcq Vorlast" },
      { label: "Karteikarten daraus machen", text: "/flashcard Vorlast" },
    ]);
    expect(keysOf(SHORTCUTS.palette)).toEqual(["Strg", "K"]);
    expect(keysOf(SHORTCUTS.newLine)).toEqual(["Umschalt", "Enter"]);
  });
});

describe("Arabic", () => {
  beforeEach(() => speak({ name: "ar", locale: "ar-u-nu-latn", messages: arabic }));

  test("has its six forms, in Latin digits", () => {
    const said = [0, 1, 2, 3, 11, 100].map((pages) => stepOf({ step: "reading", pages_done: pages, pages }));
    expect(said.map((each) => each.split("، ")[1])).toEqual([
      "كل الصفحات (0)",
      "الصفحة الوحيدة",
      "الصفحتان كلتاهما",
      "كل الصفحات (3)",
      "كل الصفحات (11)",
      "كل الصفحات (100)",
    ]);
    expect([1, 2, 5, 11].map(hoursAgo)).toEqual(["قبل ساعة", "قبل ساعتين", "قبل 5 ساعات", "قبل 11 ساعة"]);
  });

  test("names pages that could not be read", () => {
    expect(partlyRead({ failed_pages: [4, 5], blank_pages: [9] })).toBe(
      "تعذّرت قراءة الصفحتين 4–5. لم يُتعرَّف على أي نص في الصفحة 9.",
    );
  });
});
