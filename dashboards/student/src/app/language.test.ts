import { expect, test, vi } from "vitest";
import { askedFor, localeOf, PSEUDO, preferred } from "./language.ts";

vi.hoisted(() => vi.stubGlobal("location", { origin: "http://localhost" }));

test("a choice on this device comes before what the browser prefers", () => {
  expect(preferred("ar", ["de-DE"])).toBe("ar");
  expect(preferred(null, ["fr-FR", "de-AT", "en"])).toBe("de");
  expect(preferred(null, ["fr", "pl"])).toBe("en");
  expect(preferred("klingon", ["AR-eg"])).toBe("ar");
});

test("the address may ask for a language that there is", () => {
  expect(askedFor("?lang=de")).toBe("de");
  expect(askedFor("?next=%2F&lang=pseudo")).toBe(PSEUDO);
  expect(askedFor("?lang=toString")).toBeUndefined();
  expect(askedFor("")).toBeUndefined();
});

test("numbers and dates are the region's, and Arabic has the digits of doses", () => {
  expect(localeOf("de", ["en-US", "de-AT"])).toBe("de-AT");
  expect(localeOf("de", ["fr"])).toBe("de");
  expect(localeOf("ar", ["ar-EG"])).toBe("ar-EG-u-nu-latn");
  expect(localeOf("ar", ["ar-EG-u-nu-arab"])).toBe("ar-EG-u-nu-latn");
  expect(localeOf(PSEUDO, ["en-GB"])).toBe("en-GB");
  expect(new Intl.NumberFormat(localeOf("ar", ["ar-EG"])).format(1250)).toMatch(/^1.250$/);
});
