import { expect, test } from "vitest";
import { citeMarkers, citeOf } from "./cite.ts";

const links = (text: string) => {
  const tree = { type: "root", children: [{ type: "text", value: text }] };
  citeMarkers()(tree);
  return tree.children.map(
    (node) => citeOf((node as { url?: string }).url) ?? (node as { value?: string }).value,
  );
};

test("markers become links, one for each number", () => {
  expect(links("It rises [1].")).toEqual(["It rises", 1, "."]);
  expect(links("Both [1, 3] and [ 2;4 ][5]")).toEqual(["Both", 1, 3, " and", 2, 4, 5]);
});

test("a marker behind a short formula is kept with it", () => {
  const formula = (value: string) => ({ type: "inlineMath", value });
  const after = (value: string) => {
    const tree = { type: "root", children: [formula(value), { type: "text", value: " [1]." }] };
    citeMarkers()(tree);
    return tree.children.map(({ type }) => type);
  };
  expect(after("x^2")).toEqual(["kept", "text"]);
  expect(after("x".repeat(60))).toEqual(["inlineMath", "link", "text"]);
});

test("brackets around something else stay text", () => {
  expect(links("[0.5, 1) or [a] or [1234]")).toEqual(["[0.5, 1) or [a] or [1234]"]);
});
